#!/bin/sh
# Writes the template of the catalogues: every text for people in tools/ and libir/. Called by make.
# Marks are _() and N_(); the library's reasons are taken from the calls that make them, see libir/base/intl.h.
set -u
: "${1:?}"
find tools libir -name '*.c' -o -name '*.h' -o -name '*.def' | LC_ALL=C sort |
    xgettext --files-from=- --language=C --from-code=UTF-8 --add-location=file --no-wrap \
        --keyword --keyword=_ --keyword=N_ --keyword=ir_intl_str --keyword=ir_intl_plural:1,2 --keyword=ir_page_plural:3,4 --keyword=EVIDENCE_COUNT:2,3 --keyword=add_if:3,4 \
        --keyword=ir_fail:3 --keyword=tell:5 --keyword=stop:2 --keyword=fail:3,3t --keyword=fail:2,2t \
        --keyword=wrong:2 --keyword=ir_bag_say:4 --keyword=IR_REVIEW_NOTE:3 --keyword=ir_rules_note:5 --keyword=ir_rules_doubt:4 \
        --keyword=ir_event_damage:2 --keyword=problem:3 --keyword=ir_check_problem:3 --keyword=ir_check_unclear:3 --keyword=ir_described_error:3 --keyword=ir_described_warn:3 --keyword=refuse:2 --keyword=add_limit:5 --keyword=ir_load_fail:3 --keyword=ir_list_note:4 --keyword=IR_DEVICE_FORMAT:5 \
        --flag=_:1:pass-c-format --flag=N_:1:pass-c-format --flag=ir_page_plural:3:c-format --flag=EVIDENCE_COUNT:2:c-format --flag=EVIDENCE_COUNT:3:c-format --flag=add_if:3:c-format --flag=add_if:4:c-format --flag=ir_page_plural:4:c-format --flag=ir_intl_plural:1:pass-c-format \
        --flag=ir_intl_plural:2:pass-c-format \
        --flag=ir_bag_say:4:c-format --flag=say:2:c-format --flag=ir_buf_fmt:2:c-format --flag=ir_fail:3:c-format \
        --flag=ir_load_fail:3:c-format --flag=ir_list_note:4:c-format --flag=tell:5:c-format --flag=IR_REVIEW_NOTE:3:c-format \
        --flag=ir_described_error:3:c-format --flag=ir_described_warn:3:c-format --flag=problem:3:c-format --flag=ir_check_problem:3:c-format --flag=ir_check_unclear:3:c-format --flag=ir_rules_note:5:c-format --flag=ir_rules_doubt:4:c-format \
        --add-comments=Translators: --package-name=ir --copyright-holder= \
        --msgid-bugs-address=- --output="$1.new" || exit 1
# A date would make every run another file.
sed '/^"POT-Creation-Date:/d; s/charset=CHARSET/charset=UTF-8/' "$1.new" >"$1" && rm -f "$1.new"
