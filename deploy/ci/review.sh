#!/bin/sh
# Compare the spec with its documents and with a base revision, and write a comment for a reviewer.
#   review.sh BASE COMMENT.md      BASE is a revision of git; WAIVERS may name a waivers file
# Exit status: the worst of `check`, `diff` and `review`: 0 nothing to act on, 1 findings or
# breaking changes, 2 an input that cannot be used.
set -u
base=$1
comment=$2
spec=${CAPTCHA_CONTRACT_SPEC:-openapi/openapi.yaml}
worst=0

# Put what a command prints into a file, and into the log if it is for people; keep the worst status.
keep() {
    file=$1
    shift
    "$@" ${WAIVERS:+--waivers "$WAIVERS"} > "$file"
    status=$?
    echo "$2: exit status $status" >&2
    [ "$status" -le "$worst" ] || worst=$status
}

parts=$(mktemp -d) || exit 74
trap 'rm -rf "$parts"' EXIT
keep "$parts/check" captcha-contract check --spec "$spec"
cat "$parts/check"
if git cat-file -e "$base:$spec" 2>/dev/null; then
    keep "$parts/diff" captcha-contract diff "git:$base:$spec" "$spec" --format markdown
    keep "$parts/review" captcha-contract review "git:$base:$spec" "$spec" --format markdown
else
    echo 'The base has no spec yet. 基准版本还没有契约。' > "$parts/review"
fi
{
    echo '<!-- captcha-contract -->'
    cat "$parts/review"
    if [ -s "$parts/diff" ]; then
        printf '\n<details><summary>diff 变更</summary>\n\n'
        cat "$parts/diff"
        printf '\n</details>\n'
    fi
    printf '\n<details><summary>check 校验</summary>\n\n<pre>\n'
    sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' "$parts/check"
    printf '</pre>\n\n</details>\n'
} > "$comment" || worst=74
exit "$worst"
