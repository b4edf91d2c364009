# The library's texts with values in them, out of catalogues: REASON("cannot be read at byte %llu"). They are
# what has a reference below libir/ (but for the writers, which speak to people) and the flag c-format. Called
# by make.
function flush() {
    if (library && format && id != "" && !(id in seen)) {
        seen[id] = 1
        gsub(/<PRIu64>/, "\" PRIu64 \"", id) # as catalogues write it
        print "REASON(" id ")"
    }
    library = format = 0
    id = part = ""
}
/^#: .*libir\/(base|source|event|format|rules|evidence|casedb|run)\// { library = 1 }
/^#, .*c-format/ { format = 1 }
/^msgid / { part = "id"; sub(/^msgid /, ""); id = $0; next }
/^msgid_plural|^msgstr/ { part = ""; next }
/^"/ && part == "id" { id = id " " $0; next }
/^$/ { flush() }
END { flush() }
