package email

import (
	"fmt"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// cursor is how far a folder was fetched. The desk keeps it as text and does not look into it.
type cursor struct {
	validity uint32   // UIDVALIDITY: when it changes, the UID means nothing any more
	uid      imap.UID // the last letter that was handed over
	until    int64    // Unix seconds of the newest letter's INTERNALDATE: from there on letters are looked for anew
	folder   string
}

func (c cursor) String() string {
	return fmt.Sprintf("1 %d %d %d %s", c.validity, c.uid, c.until, c.folder)
}

// parseCursor reads a cursor; a text of another version, or of another folder, is none.
func parseCursor(s, folder string) (c cursor, ok bool) {
	_, rest, _ := strings.Cut(s, "1 ")
	n, err := fmt.Sscanf(rest, "%d %d %d", &c.validity, &c.uid, &c.until)
	if err != nil || n != 3 || !strings.HasPrefix(s, "1 ") {
		return cursor{}, false
	}
	fields := strings.SplitN(s, " ", 5)
	if len(fields) != 5 || fields[4] != folder {
		return cursor{}, false
	}
	c.folder = folder
	return c, true
}
