# What a manual page and its translation have in common, in the order of the page: headings, synopsis, lists and
# their items, examples; of each paragraph that it has words, and which literal words (options, values, fields,
# pages) and facts (numbers, names with capitals) stand in it. The outlines of two languages are compared by
# help_man.sh. -v ja=1: headings are translated back, and words count only when they are Japanese.
# Bytes, not characters (LC_ALL=C): kana and kanji begin with E3 to E9 in UTF-8, full-width forms with EF.

BEGIN {
    split("NAME NAME;SYNOPSIS SYNOPSIS;DESCRIPTION 説明;OUTPUT 出力;FORMATS 形式;ENVIRONMENT 環境変数;FILES ファイル;" \
        "EXIT STATUS 終了ステータス;EXAMPLES 使用例;SEE ALSO 関連項目;STANDARDS 規格;SETTINGS 設定;LIMITS 制限;CAVEATS 注意;BUGS 既知の問題;" \
        "SECURITY セキュリティ;HISTORY 歴史", pairs, ";")
    for (i in pairs) {
        at = match(pairs[i], / [^ ]*$/)
        english[substr(pairs[i], at + 1)] = substr(pairs[i], 1, at - 1)
    }
    split("Cm Li Pa Ev Fl Ql Sq Sx Xr", list, " ")
    for (i in list)
        literal[list[i]] = 1
    split("Aq Ar Brq Dq Nm No Ns Op Pf Po Pc Pq Qq Sy Em Ic Va", list, " ")
    for (i in list)
        other[list[i]] = 1
}

function japanese(s) { return s ~ /[\343-\351][\200-\277]/ }
function worded(s) { return ja ? japanese(s) : s ~ /[A-Za-z][a-z]/ }
function title(s) { return s in english ? english[s] : s }
# A name such as "ir rules list" is the same in both; words begin with a capital or are Japanese.
function heading(s) {
    return (ja ? japanese(s) : s ~ /^[A-Z]/) ? "(words)" : s
}
function say(what) {
    end_paragraph()
    print what
}
# In the order of the alphabet: word order differs between languages.
function end_paragraph(i, j, t) {
    if (words)
        print "  words"
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && said[j] < said[j - 1]; j--) {
            t = said[j]
            said[j] = said[j - 1]
            said[j - 1] = t
        }
    for (i = 1; i <= n; i++)
        print "  " said[i]
    n = words = 0
    split("", seen)
}
function note(what) {
    if (!(what in seen)) {
        seen[what] = 1
        said[++n] = what
    }
}
function facts(s, i, count, part) {
    gsub(/[^A-Za-z0-9.]+/, " ", s)
    count = split(s, part, " ")
    for (i = 1; i <= count; i++) {
        gsub(/^\.+|\.+$/, "", part[i])
        if (part[i] ~ /^[0-9]/)
            sub(/[a-z]+$/, "", part[i]) # 18th
        else if (part[i] ~ /[A-Z].*[A-Z]/)
            sub(/s$/, "", part[i]) # URLs
        else
            continue
        note("fact: " part[i])
    }
}
# Arguments of a macro line: words, or "words in quotes".
function literals(line, kind, t, i, raw) {
    kind = ""
    while (match(line, /^ *("[^"]*"|[^ ]+)/)) {
        t = raw = substr(line, 1, RLENGTH)
        line = substr(line, RLENGTH + 1)
        gsub(/^ *"?|"$/, "", t)
        sub(/^ */, "", raw)
        if (raw in literal || raw in other)
            kind = raw
        else if (kind in literal && t !~ /^[][().,:;?!|]$/)
            note(kind == "Sx" ? "Sx " title(t) : kind " " t)
        else if (kind == "Dq" || kind == "Ns" || kind == "No") {
            facts(t)
            words = words || ja && japanese(t)
        }
    }
}

/^\.\\"/ { next }
/^\.Sh / {
    section = title(substr($0, 5))
    say(".Sh " section)
    next
}
section == "SYNOPSIS" || /^\.(Dd|Dt|Os|Dl|El|Pp|Bd|Ed|Rs|Re|%.)/ {
    say($0)
    next
}
/^\.Ss / {
    say(".Ss " heading(substr($0, 5)))
    next
}
/^\.Nd / {
    say(".Nd" (worded($0) ? " (words)" : ""))
    next
}
/^\.It (Ar|Cm|Ev|Fl|Ic|Li|Pa|Va|Xr|[0-9])/ || /^\.(It|Bl .*)$/ {
    say($0)
    next
}
/^\.It / {
    say(".It (words)")
    words = worded($0)
    facts($0)
    next
}
/^\./ {
    literals(substr($0, 2))
    next
}
{
    words = words || worded($0)
    facts($0)
}
END { end_paragraph() }
