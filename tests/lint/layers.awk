# Who includes whom in libir/: a layer may include itself and what its row says. The table is the one in the
# README, "How it works". Run by layers.sh; test-layers.sh shows that each complaint can be made.
BEGIN {
    may["base"] = " "
    may["source"] = " base "
    may["event"] = " base "
    may["format"] = " base event "
    may["rules"] = " base event "
    may["anomaly"] = " base event "
    may["evidence"] = " base source "
    may["casedb"] = " base event "
    may["report"] = " base event casedb "
    may["run"] = " base source event format rules anomaly evidence casedb report "
}
FNR == 1 {
    door = 0
    n = split(FILENAME, part, "/")
    layer = part[n - 1]
    if (!(layer in may)) breach("is in no layer: " layer)
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, quoted, "\"")
    target = quoted[2]
    if (target ~ /\.\./ || target !~ /^[a-z0-9_]+\/[a-z0-9_.]+$/) {
        breach("includes \"" target "\": write \"layer/file.h\"")
        next
    }
    split(target, piece, "/")
    if (piece[1] != layer && index(may[layer], " " piece[1] " ") == 0)
        breach(layer " may not include " piece[1] " (\"" target "\")")
}
# What stands behind this door is not in the product.
/^#[ \t]*ifdef[ \t]+IR_TESTING/ { door = 1; next }
/^#[ \t]*(else|endif)/ { door = 0 }
# These belong to tools/. A library that prints or ends the program cannot be tested from memory.
/(^|[^A-Za-z0-9_.>])(printf|puts|putchar|perror|exit|_exit|_Exit|getenv|secure_getenv|setlocale)[ \t]*\(/ {
    if (!door && $0 !~ /^[ \t]*(\/?\*|\/\/)/ && FILENAME !~ /\/banned\.h$/)
        breach("calls what only tools/ may: " trim($0))
}
# Only sources that name IR_TESTING are built twice, so a struct may not depend on it.
door && FILENAME ~ /\.h$/ && /[{}]/ { breach("IR_TESTING in a header: declarations of functions only") }
function trim(s) { sub(/^[ \t]+/, "", s); return s }
function breach(what) { print FILENAME ":" FNR ": " what; bad++ }
END { exit bad > 0 }
