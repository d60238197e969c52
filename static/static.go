// Package static is everything the browser loads besides pages: the style sheet, the scripts, the icons, and the
// vendored files of other people. There is no build step: style sheets and scripts are joined when the first of them is
// asked for, and all of them are served below one folder named after the hash of all, so a browser may keep them for
// ever and a new program is seen at once.
//
// What can be asked for (see [URL]): desk.css, vendor.js (htmx and its extensions), desk.js (our behaviours), theme.js
// (loaded in the head without defer), live.js (the worker that pages share), img/… and emoji/<language>.json.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// Prefix is the path below which [Handler] has to be mounted; every address made by [URL] begins with it.
const Prefix = "/static/"

//go:embed css/*.css js/*.js img/*.svg worker/*.js widget/*.js widget/*.css widget/panel/*.js vendor/htmx/*.js vendor/emoji/*.json
var files embed.FS

// layers is the order of the cascade: a later layer wins over an earlier one, whatever the selectors are.
const layers = "@layer reset, tokens, base, layout, components, utilities;\n"

// styles is the order in which css/ is joined. A file that is not listed is not served; a test says so.
var styles = []string{
	"reset.css", "tokens.css", "base.css", "layout.css",
	"button.css", "field.css", "avatar.css", "badge.css", "rail.css", "tabs.css", "table.css", "conversation.css",
	"message.css", "call.css", "letter.css", "attachment.css", "composer.css", "request.css", "menu.css",
	"dialog.css", "toast.css", "settings.css", "health.css",
	"signin.css", "simulator.css", "search.css", "palette.css", "empty.css", "summary.css", "article.css", "widget.css", "emoji.css",
	"utilities.css",
}

// scripts is the order in which js/ is joined into desk.js: core.js first, a file after those it uses.
var scripts = []string{
	"core.js", "toast.js", "copy.js", "alert.js", "required.js", "preset.js", "popover.js", "menu.js", "dialog.js",
	"emoji-search.js", "emoji.js",
	"chats.js", "tabs.js", "keyboard.js", "palette.js", "line.js", "live.js", "search.js",
	"message-id.js", "window.js", "thread.js", "emoji-glue.js", "sending.js", "upload.js", "segments.js",
	"composer.js", "call.js", "template.js", "widget-preview.js",
	"conversation.js", "request-select.js", "message-menu.js", "message-walk.js", "thread-news.js", "viewers.js", "request.js",
}

// panelScripts is the order in which widget/panel/ is joined into widget/panel.js, the one script of the visitor's
// chat.
var panelScripts = []string{
	"core.js", "page.js", "visitor.js", "thread.js", "state.js", "unread.js", "faults.js", "details.js", "files.js",
	"typing.js", "outbox.js", "form.js", "emoji.js", "live.js", "person.js", "frame.js",
}

// workerScripts is what is joined into live.js, the script of the worker that all pages of a browser share.
var workerScripts = []string{"worker/core.js", "js/line.js", "worker/hub.js"}

// alone are the scripts of js/ that are served by themselves.
var alone = []string{"theme.js"}

// vendored is the order in which htmx and its extensions are joined into vendor.js.
var vendored = []string{"htmx.min.js", "hx-preload.min.js", "hx-upsert.min.js"}

// bundle is all that is served, under one hash.
type bundle struct {
	hash   string
	assets map[string]*asset
}

// loadBundle builds the bundle once. The files are part of the program, so a failure is a mistake in it: it panics.
var loadBundle = sync.OnceValue(func() *bundle {
	b := &bundle{assets: make(map[string]*asset)}
	b.addAsset("desk.css", joinStyles())
	b.addAsset("desk.js", joinScripts("js", scripts))
	b.addAsset("vendor.js", joinVendored())
	for _, name := range alone {
		b.addAsset(name, readFile("js/"+name))
	}
	b.addFolder("img", "img")
	b.addFolder("vendor/emoji", "emoji")
	b.addAsset("live.js", stripScript(joinScripts(".", workerScripts)))
	b.addAsset("widget/panel.js", stripScript(joinScripts("widget/panel", panelScripts)))
	b.addAsset("widget/panel.css", []byte(stripStyles(string(readFile("widget/panel.css")))))
	b.hash = b.computeHash()
	return b
})

// URL is the address of an asset, for example URL("img/icons.svg"). It changes whenever any asset changes.
// It panics for a name that does not exist: that is a mistake in a page, and html/template turns it into an error.
func URL(name string) string {
	b := loadBundle()
	if b.assets[name] == nil {
		panic(fmt.Sprintf("static: there is no asset %q", name))
	}
	return Prefix + b.hash + "/" + name
}

func (b *bundle) addAsset(name string, body []byte) {
	b.assets[name] = newAsset(name, body)
}

func (b *bundle) addFolder(folder, as string) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		panic(fmt.Sprintf("static: read folder: %v", err))
	}
	for _, entry := range entries {
		b.addAsset(path.Join(as, entry.Name()), readFile(path.Join(folder, entry.Name())))
	}
}

// computeHash hashes names and contents; twelve hexadecimal digits are plenty to tell two programs apart.
func (b *bundle) computeHash() string {
	names := make([]string, 0, len(b.assets))
	for name := range b.assets {
		names = append(names, name)
	}
	slices.Sort(names)
	h := sha256.New()
	for _, name := range names {
		fmt.Fprintf(h, "%s %d\n", name, len(b.assets[name].plain))
		h.Write(b.assets[name].plain)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

func joinStyles() []byte {
	var joined strings.Builder
	joined.WriteString(layers)
	for _, name := range styles {
		joined.WriteString(stripStyles(string(readFile("css/" + name))))
	}
	return []byte(joined.String())
}

// stripStyles drops comments and indentation, which are for engineers and not for browsers.
func stripStyles(css string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(css, "/*")
		out.WriteString(before)
		if !found {
			break
		}
		_, css, _ = strings.Cut(after, "*/")
	}
	var lines strings.Builder
	for line := range strings.Lines(out.String()) {
		if line = strings.TrimSpace(line); line != "" {
			lines.WriteString(line + "\n")
		}
	}
	return lines.String()
}

// joinScripts wraps every file in a block of its own: what it declares with const, let or function stays inside.
func joinScripts(folder string, names []string) []byte {
	var joined strings.Builder
	joined.WriteString("\"use strict\";\n")
	for _, name := range names {
		fmt.Fprintf(&joined, "{ // %s\n%s\n}\n", name, readFile(path.Join(folder, name)))
	}
	return []byte(joined.String())
}

// stripScript drops what is for engineers from a script that strangers' pages load: blocks of comment at the beginning
// of a line, lines that are nothing but a comment, and indentation. The script must have no text over several lines.
func stripScript(script []byte) []byte {
	var out bytes.Buffer
	inComment := false
	for line := range bytes.Lines(script) {
		line = bytes.TrimSpace(line)
		inComment = inComment || bytes.HasPrefix(line, []byte("/*"))
		if !inComment && len(line) > 0 && !bytes.HasPrefix(line, []byte("//")) {
			out.Write(line)
			out.WriteByte('\n')
		}
		inComment = inComment && !bytes.HasSuffix(line, []byte("*/"))
	}
	return out.Bytes()
}

func joinVendored() []byte {
	var joined strings.Builder
	for _, name := range vendored {
		fmt.Fprintf(&joined, "%s\n;\n", readFile("vendor/htmx/"+name))
	}
	return []byte(joined.String())
}

func readFile(name string) []byte {
	body, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("static: read asset: %v", err))
	}
	return body
}
