<?php
// The documented answer from PHP behind nginx, its JPEG pictures made by gregwar/captcha.

declare(strict_types=1);

require 'Gregwar/Captcha/autoload.php';

$fault = $_SERVER['FAULT'] ?? '';
if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    http_response_code(405);
    exit;
}
$picture = (new Gregwar\Captcha\CaptchaBuilder())->build(125, 45)->get(75);
if ($fault === 'picture-cut-off') {
    $picture = substr($picture, 0, intdiv(strlen($picture), 2));
}
$data = [
    'img' => 'data:image/jpg;base64,' . base64_encode($picture),
    'img_code_id' => strtoupper(bin2hex(random_bytes(3))),
];
if ($fault === 'number-an-integer') {
    $data['img_code_id'] = random_int(0, 999999);
} elseif ($fault === 'row-missing') {
    unset($data['img_code_id']);
}
$id = vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex(random_bytes(16)), 4));
header('Content-Type: application/json; charset=utf-8');
echo json_encode(['request_id' => $id, 'code' => '000', 'msg' => '成功', 'data' => $data]);
