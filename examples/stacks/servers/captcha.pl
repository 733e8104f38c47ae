# The documented answer from a few lines of Perl that speak HTTP/1.0 themselves, its PNG pictures
# made by GD::SecurityImage.

use strict;
use warnings;
use utf8;

use GD::SecurityImage;
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64;

my $fault = $ENV{FAULT} // '';

sub picture {
    my $image = GD::SecurityImage->new(
        width => 125, height => 45, lines => 4, gd_font => 'giant', bgcolor => '#ffffff');
    $image->random(sprintf '%04X', int rand 65536);
    $image->create('normal', 'rect', [51, 102, 153], [204, 51, 51]);
    my ($png) = $image->particle(60)->out(force => 'png');
    return $fault eq 'picture-cut-off' ? substr($png, 0, length($png) / 2) : $png;
}

sub answer {
    my %data = (
        img         => 'data:image/png;base64,' . encode_base64(picture(), ''),
        img_code_id => sprintf('%06X', int rand 2**24),
    );
    $data{img_code_id} = int rand 1e6 if $fault eq 'number-an-integer';
    delete $data{img_code_id} if $fault eq 'row-missing';
    my $id = join '-', map { join '', map { sprintf '%x', int rand 16 } 1 .. $_ } 8, 4, 4, 4, 12;
    return encode_json({ request_id => $id, code => '000', msg => '成功', data => \%data });
}

my $server = IO::Socket::INET->new(
    LocalAddr => '127.0.0.1', LocalPort => $ENV{PORT}, Listen => 16, ReuseAddr => 1) or die $!;
while (my $client = $server->accept) {
    my ($asked, $length) = (scalar <$client> // '', 0);
    while (my $line = <$client>) {
        $length = $1 if $line =~ /^content-length:\s*(\d+)/i;
        last if $line =~ /^\r?\n$/;
    }
    read $client, my $body, $length if $length;
    if ($asked =~ m{^POST /oauth/api/account/getImgCode[ ?]}) {
        print $client "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n", answer();
    } elsif ($asked) {
        print $client "HTTP/1.0 404 Not Found\r\nContent-Type: text/plain\r\n\r\nnot found\n";
    }
    close $client;
}
