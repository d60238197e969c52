package views

import (
	"bytes"
	"html/template"
	"strings"
	"sync"
	"time"
)

// rowCache keeps drawn rows of the chats table: most of a page's time is drawing them, and most rows have not changed
// since they were drawn for this or another reader. The key is everything a row shows, so nothing is ever out of date.
type rowCache struct {
	location *time.Location
	now      func() time.Time

	mu    sync.Mutex
	young map[rowKey]template.HTML // guarded by mu
	old   map[rowKey]template.HTML // the generation before; guarded by mu
}

// rowKey is a row in a language on a day, because "yesterday" is another word tomorrow.
type rowKey struct {
	lang string
	day  string
	row  RowView
}

// rowsKept bounds one generation of rows: about three megabytes.
const rowsKept = 2000

func newRowCache(o Options) *rowCache {
	return &rowCache{location: o.Location, now: o.Now, young: map[rowKey]template.HTML{}}
}

// rowFunc is the template function row: a row as chats/row draws it, drawn anew only when it changed.
func (v *Views) rowFunc(lang string) func(RowView) (template.HTML, error) {
	return func(r RowView) (template.HTML, error) {
		key := rowKey{lang, v.rows.now().In(v.rows.location).Format(time.DateOnly), r}
		if html, ok := v.rows.get(key); ok {
			return html, nil
		}
		var buf bytes.Buffer
		if err := v.render(&buf, lang, "chats/row", r); err != nil {
			return "", err
		}
		html := template.HTML(buf.String()) // what the escaping template just drew
		v.rows.put(key, html)
		return html, nil
	}
}

// columns are the names in RowView.Columns.
func columns(names string) []string { return strings.Split(names, ",") }

func (c *rowCache) get(k rowKey) (template.HTML, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if html, ok := c.young[k]; ok {
		return html, true
	}
	html, ok := c.old[k]
	if ok {
		c.keep(k, html)
	}
	return html, ok
}

func (c *rowCache) put(k rowKey, html template.HTML) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(k, html)
}

// keep adds a row; a full generation becomes the old one, and what nobody asked for meanwhile goes with the one before.
func (c *rowCache) keep(k rowKey, html template.HTML) {
	if len(c.young) >= rowsKept {
		c.old, c.young = c.young, map[rowKey]template.HTML{}
	}
	c.young[k] = html
}
