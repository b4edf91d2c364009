# brief.sh or verify.sh as one language has it: awk -v lang=en -f verify.awk brief.sh. Of comments "en: " and "ja: "
# those of the language stay, with lang=all those of both; what is before the first empty line, and words to shellcheck,
# are for us.
!begun { begun = /^$/; next }
/^ *# shellcheck / { next }
match($0, /^ *# (en|ja):/) {
    if (lang == "all" || substr($0, RLENGTH - 2, 2) == lang) print substr($0, 1, RLENGTH - 4) substr($0, RLENGTH + 1)
    next
}
{ print }
