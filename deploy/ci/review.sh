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

# Put what a command prints into a file, and why it cannot work into the comment; keep the worst status.
keep() {
    file=$1
    shift
    "$@" ${WAIVERS:+--waivers "$WAIVERS"} > "$file" 2> "$parts/said"
    status=$?
    cat "$parts/said" >&2
    [ "$status" -le 1 ] || cat "$parts/said" >> "$parts/unusable"
    echo "$2: exit status $status" >&2
    [ "$status" -le "$worst" ] || worst=$status
}

# Say whether there can be a base: not before the first commit, nor where a push makes a new branch.
based() {
    case $base in *[!0]*) ;; ?*) return 1 ;; esac
    git rev-parse -q --verify HEAD~1 > "$parts/parent" ||
        [ "$(git rev-parse --is-shallow-repository)" != false ]
}

# Put text into the comment as it is.
shown() {
    printf '<pre>\n'
    sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' "$1"
    printf '</pre>\n'
}

parts=$(mktemp -d) || exit 74
trap 'rm -rf "$parts"' EXIT
# Name the tracked file as git does, from here, or with --full-name from the root.
tracked() { git --literal-pathspecs -c core.quotePath=false ls-files "$@" -- "$spec"; }

old=$(tracked)
old=${old:-$spec}
keep "$parts/check" captcha-contract check --spec "$spec"
cat "$parts/check"
if commit=$(git rev-parse -q --verify --end-of-options "$base^{commit}"); then
    # a spec that was renamed is compared with what it was
    renamed=$(git -c core.quotePath=false diff -M --diff-filter=R --name-status "$commit" |
        new=$(tracked --full-name) awk -F '\t' '$3 == ENVIRON["new"] { print $2 }')
    [ -z "$renamed" ] || old=$(git rev-parse --show-cdup)$renamed
elif based; then
    echo "the base '$base' is not in this clone: fetch it, with all of the history" >&2
    echo "The base '$base' is not in this clone: fetch it, with all of the history." \
        "此克隆中没有基准版本：请取得完整历史。" > "$parts/unusable"
    worst=2
fi
if [ -n "$commit" ] && git cat-file -e "$commit:./$old" 2> /dev/null; then
    keep "$parts/diff" captcha-contract diff "git:$base:$old" "$spec" --format markdown
    keep "$parts/review" captcha-contract review "git:$base:$old" "$spec" --format markdown
elif [ "$worst" -lt 2 ]; then
    echo 'The base has no spec yet. 基准版本还没有契约。' > "$parts/review"
fi
{
    echo '<!-- captcha-contract -->'
    [ ! -s "$parts/review" ] || cat "$parts/review"
    [ ! -s "$parts/unusable" ] || shown "$parts/unusable"
    if [ -s "$parts/diff" ]; then
        printf '\n<details><summary>diff 变更</summary>\n\n'
        cat "$parts/diff"
        printf '\n</details>\n'
    fi
    printf '\n<details><summary>check 校验</summary>\n\n'
    shown "$parts/check"
    printf '\n</details>\n'
} > "$comment" || worst=74
exit "$worst"
