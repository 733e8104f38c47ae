#!/bin/sh
# Judge an environment, and keep its report among those of earlier runs.
#   schedule.sh HISTORY [OPTION…]      the options of `captcha-contract test`
# HISTORY must outlive the job: HISTORY/DATE/report.json is what `captcha-contract compare HISTORY`
# reads to write HISTORY/months.html, HISTORY/statuses has a line for each run. contract-reports/ has
# all reports of this run.
# WEBHOOK, if it is set, is told of every failure. Exit status: that of the run; 75 in place of the
# third 69 in a row.
set -u
history=$1
shift
moment=$(date -u +%Y-%m-%dT%H%M%SZ)
rm -rf contract-reports
captcha-contract test --report-dir contract-reports "$@"
status=$?
mkdir -p "$history" && echo "$moment $status" >> "$history/statuses" || exit 74
if [ -f contract-reports/report.json ]; then
    mkdir -p "$history/$moment" && cp contract-reports/report.json "$history/$moment/" || exit 74
    captcha-contract compare "$history" --format html --output "$history/months.html" # its own status
fi
if [ "$(tail -n 3 "$history/statuses" | grep -c ' 69$')" -eq 3 ]; then
    echo 'nothing could be judged three times in a row 连续三次无法判定' >&2
    status=75
fi
if [ "$status" -ne 0 ] && [ "$status" -ne 69 ] && [ -n "${WEBHOOK:-}" ] && [ -f contract-reports/report.json ]; then
    case $WEBHOOK in
        http://* | https://*) python3 "$(dirname "$0")/announce.py" contract-reports/report.json ;;
        *) echo 'WEBHOOK is no URL: it begins with https://' >&2 && false ;; # it may hold a token
    esac || echo 'the chat was not told' >&2
fi
exit "$status"
