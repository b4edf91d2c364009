# brief.sh or verify.sh as one language has it: awk -v lang=en -f verify.awk brief.sh. Of comments "en: " and "ja: "
# those of the language stay, with lang=all those of both; what is before the first empty line, and words to shellcheck,
# are for us. With words=FILE what stands in quotes in the commands is said in other words: a line "WORDS = OTHERS" for
# each; one that stands nowhere is an error.
BEGIN {
    while (words != "" && (getline line <words) > 0) {
        at = index(line, " = ")
        if (at == 0) exit 1
        from[++n] = substr(line, 1, at - 1)
        to[n] = substr(line, at + 3)
    }
}
!begun { begun = /^$/; next }
/^ *# shellcheck / { next }
match($0, /^ *# (en|ja):/) {
    if (lang == "all" || substr($0, RLENGTH - 2, 2) == lang) print substr($0, 1, RLENGTH - 4) substr($0, RLENGTH + 1)
    next
}
{
    for (i = 1; i <= n; i++)
        if (say("'", i) || say("\"", i)) said[i] = 1
    print
}
END {
    for (i = 1; i <= n; i++) {
        if (i in said) continue
        print "verify.awk: nothing says: " from[i] | "cat >&2"
        exit 1
    }
}
function say(quote, i,    at) {
    at = index($0, quote from[i] quote)
    if (at == 0) return 0
    $0 = substr($0, 1, at) to[i] substr($0, at + length(from[i]) + 1)
    return 1
}
