package journey_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Windows and tabs as they stand in front of a person, in more than one engine. A page (page_test.go) is always looked
// at; a tab may be hidden behind another one, and most of what the live connection has to bear comes from that.

// Times that a journey gives to what has to come at once. They are far above what it takes and far below what is wrong
// when it is: an answer that waits for a stream's next ping, a request behind six others.
const (
	atOnce     = 8 * time.Second  // news on a page in sight
	loadWithin = 20 * time.Second // a page, while thirty others are open on two busy cores
)

// tab is a page of a real browser.
type tab interface {
	// open begins to load an address.
	open(address string) error
	// look gives the value of an expression of script as JSON; a promise is waited for.
	look(expression string) (json.RawMessage, error)
	// front shows it, in front of the other tabs of its window.
	front() error
	fmt.Stringer
}

// engine is somebody's browser, with cookies and storage of its own.
type engine interface {
	// window opens an empty window of its own, in sight.
	window() (tab, error)
	// behind opens an empty tab that nobody has looked at yet, behind the one in sight.
	behind() (tab, error)
	// preload runs script in every page that is opened from now on, before the page's own.
	preload(script string)
	close()
}

// engines are the browsers that the live connection is held to.
var engines = []struct {
	name string
	open func(*testing.T) engine
}{
	{"Chromium", openChromium},
	{"Firefox", openFirefox},
}

// desktop is somebody's screen: a browser and what is open in it.
type desktop struct {
	t    *testing.T
	desk string // address of the desk
	engine
	stack bool // the newest window is one for tabs behind each other
}

// newDesktop gives somebody a browser in front of a desk.
func newDesktop(t *testing.T, open func(*testing.T) engine, desk string) *desktop {
	t.Helper()
	e := open(t)
	t.Cleanup(e.close)
	return &desktop{t: t, desk: desk, engine: e}
}

// signIn signs in and gives the window in which it was done.
func (d *desktop) signIn(email string) tab {
	d.t.Helper()
	w := d.show("/signin")
	script := fmt.Sprintf(`(() => {
		document.querySelector("#field-email").value = %s;
		document.querySelector("#field-password").value = %s;
		document.querySelector("#field-email").form.requestSubmit();
		return true;
	})()`, quote(email), quote(demoPassword))
	if _, err := w.look(script); err != nil {
		d.t.Fatalf("sign in: %v", err)
	}
	d.within(loadWithin, "the table is there", `location.pathname === "/chats" && `+isReady, w)
	return w
}

// isReady is script that tells whether the page and its scripts are at work. Chromium does not always end the loading
// of a tab that was never looked at, though all of it is there.
const isReady = `(document.readyState !== "loading" && (Boolean(globalThis.pult) || location.pathname === "/signin"))`

// show opens an address in a window of its own and waits until it is there.
func (d *desktop) show(path string) tab {
	d.t.Helper()
	d.stack = false
	return d.begin(path, d.window)
}

// hide opens an address in a tab behind the one in sight and waits until it is there. Tabs open in the newest window;
// they get an empty one of their own, so that none of them ever covers a window that is in sight.
func (d *desktop) hide(path string) tab {
	d.t.Helper()
	if !d.stack {
		if _, err := d.window(); err != nil {
			d.t.Fatal(err)
		}
		d.stack = true
	}
	return d.begin(path, d.behind)
}

func (d *desktop) begin(path string, where func() (tab, error)) tab {
	d.t.Helper()
	w, err := where()
	if err != nil {
		d.t.Fatal(err)
	}
	d.lead(w, path)
	return w
}

// lead takes a tab to an address and waits until it is there.
func (d *desktop) lead(w tab, path string) {
	d.t.Helper()
	if !strings.Contains(path, "://") {
		path = d.desk + path
	}
	if err := w.open(path); err != nil {
		d.t.Fatalf("%s: %s does not load: %v", w, path, err)
	}
	d.within(loadWithin, path+" is loaded", fmt.Sprintf("location.href.startsWith(%s) && %s", quote(path), isReady), w)
}

// within waits until an expression is true in each of the tabs, and names those in which it never became so.
func (d *desktop) within(limit time.Duration, what, expression string, tabs ...tab) {
	d.t.Helper()
	if missed := d.waitFor(limit, expression, tabs...); len(missed) > 0 {
		d.t.Fatalf("not within %v: %s, in %d of %d:\n%s", limit, what, len(missed), len(tabs), strings.Join(missed, "\n"))
	}
}

// waitFor is within for those who want to know which tabs did not come so far.
func (d *desktop) waitFor(limit time.Duration, expression string, tabs ...tab) []string {
	var mu sync.Mutex
	var missed []string
	var all sync.WaitGroup
	for _, w := range tabs {
		all.Go(func() {
			err := waitInTab(w, limit, expression)
			if err == nil {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			missed = append(missed, fmt.Sprintf("%s: %v", w, err))
		})
	}
	all.Wait()
	slices.Sort(missed)
	return missed
}

var errNeverTrue = errors.New("it never became so")

// lateBy is how long a tab that missed its time is looked at further, to tell late from never.
const lateBy = 25 * time.Second

// waitInTab asks from here and not by a timer of the page: those of hidden pages are slowed down.
func waitInTab(w tab, limit time.Duration, expression string) error {
	var last error
	for began := time.Now(); ; time.Sleep(40 * time.Millisecond) {
		got, err := w.look("Boolean(" + expression + ")")
		took := time.Since(began)
		switch is := err == nil && string(got) == "true"; {
		case is && took > limit:
			return fmt.Errorf("it became so only after %.1f s", took.Seconds())
		case is:
			return nil
		case took > limit+lateBy:
			at, _ := w.look("location.href + ' ' + document.readyState + ' ' + document.visibilityState + ': ' + document.title")
			return errors.Join(fmt.Errorf("%w; it is %s", errNeverTrue, at), err, last)
		}
		if err != nil {
			last = err
		}
	}
}

// acts makes each tab ask the desk for something while all of them are open.
func (d *desktop) acts(tabs ...tab) {
	d.t.Helper()
	const ask = `fetch("/palette", { cache: "no-store", signal: AbortSignal.timeout(%d) }).then((r) => r.ok)`
	var missed []string
	for _, w := range tabs {
		got, err := w.look(fmt.Sprintf(ask, atOnce.Milliseconds()))
		if err != nil || string(got) != "true" {
			missed = append(missed, fmt.Sprintf("%s: got %s, %v", w, got, err))
		}
	}
	if len(missed) > 0 {
		d.t.Errorf(
			"a plain request was not answered within %v in %d of %d:\n%s",
			atOnce,
			len(missed),
			len(tabs),
			strings.Join(missed, "\n"),
		)
	}
}

// shows is script that tells whether the page shows a text where news belong: in the table or in the thread.
func shows(text string) string {
	return fmt.Sprintf(
		`[...document.querySelectorAll("#chat-rows tr, #messages .msg-text")].some((el) => el.textContent.includes(%s))`,
		quote(text),
	)
}

// look gives the value of an expression of script in a tab.
func look[T any](d *desktop, w tab, expression string) (v T) {
	d.t.Helper()
	got, err := w.look(expression)
	if err == nil {
		err = json.Unmarshal(got, &v)
	}
	if err != nil {
		d.t.Fatalf("%s: %s: %v", w, expression, err)
	}
	return v
}

// lookWithin is how long a browser may take to give an answer: the page may be loading.
const lookWithin = 20 * time.Second

// withTime bounds what is asked of a browser.
func withTime[T any](ctx context.Context, limit time.Duration, do func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return do(ctx)
}
