package static

import (
	"strings"
	"sync"
)

// Favicon is the sign of the desk in a browser's own bar, as an address that holds the picture itself: it is so small
// that a request of its own would cost three times as much. The policy of pages allows such pictures.
var Favicon = sync.OnceValue(func() string {
	picture := strings.TrimSpace(string(readFile("img/favicon.svg")))
	return "data:image/svg+xml," + strings.NewReplacer(`"`, "'", "#", "%23", "<", "%3C", ">", "%3E").Replace(picture)
})
