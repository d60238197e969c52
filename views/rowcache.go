package views

import (
	"html/template"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// rowCache keeps drawn rows of the chats table: most of a page's time is drawing them, and most rows have not changed
// since they were drawn for this or another reader. The key is everything a row shows, so nothing is ever out of date.
type rowCache struct {
	zone  *time.Location
	now   func() time.Time
	drawn *lru.Cache[rowKey, template.HTML]
}

// rowKey is a row in a language on a day, because "yesterday" is another word tomorrow. The row is held through an
// interface, so that the cache, which keeps every key twice, keeps one copy of its texts.
type rowKey struct {
	lang string
	day  string
	row  any // comparable: a RowView
}

// rowsKept bounds the cache: ten megabytes when every row shows all of its columns.
const rowsKept = 3000

func newRowCache(zone *time.Location, now func() time.Time) *rowCache {
	drawn, err := lru.New[rowKey, template.HTML](rowsKept)
	if err != nil {
		panic(err) // only a size below one is refused
	}
	return &rowCache{zone: zone, now: now, drawn: drawn}
}

// fetchRow gives a row that was drawn before, or draws it and keeps the result. Two readers who ask for the same new
// row at once may both draw it.
func (c *rowCache) fetchRow(lang string, row any, draw func() (template.HTML, error)) (template.HTML, error) {
	key := rowKey{lang: lang, day: c.now().In(c.zone).Format(time.DateOnly), row: row}
	if html, ok := c.drawn.Get(key); ok {
		return html, nil
	}
	html, err := draw()
	if err != nil {
		return "", err
	}
	c.drawn.Add(key, html)
	return html, nil
}
