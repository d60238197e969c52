package journey_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	chromepage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What a reader does with a page, and what they wait for. Nothing here waits for a time: everything waits until the
// page shows what is wanted, and fails when it has not after patience.

// open goes to an address of the desk.
func (p *page) open(path string) {
	p.t.Helper()
	if !strings.Contains(path, "://") {
		path = p.desk + path
	}
	p.do(chromedp.Navigate(path))
	p.ready()
}

// ready waits until the scripts of the page are at work; the pages before the desk have none.
func (p *page) ready() {
	p.t.Helper()
	p.until("the page is ready", `document.readyState === "complete" && Boolean(globalThis.pult || !document.querySelector("script"))`)
}

// speak sets the languages that the browser asks for.
func (p *page) speak(languages string) {
	p.t.Helper()
	p.call("languages", func() error {
		_, err := chromedp.Call(p.ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
			UserAgent:      chromium.agent,
			AcceptLanguage: languages,
		})
		return err
	})
}

// theme sets the colours that the system prefers. Nothing moves: a journey clicks on what stands still.
func (p *page) theme(scheme string) {
	p.t.Helper()
	p.call("theme", func() error {
		_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	})
}

// size makes the page as wide as a telephone, or anything else.
func (p *page) size(width, height int64) {
	p.t.Helper()
	if width < 600 {
		p.do(chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch))
		return
	}
	p.do(chromedp.EmulateViewport(width, height))
}

// poll is script that waits in the page until an expression is true, at most a second, and reports whether it became
// so.
const poll = `new Promise((resolve) => {
	const end = Date.now() + 1000;
	const look = () => {
		let is = false;
		try { is = Boolean(%s); } catch { /* the page is not there yet */ }
		if (is || Date.now() > end) resolve(is); else setTimeout(look, 15);
	};
	look();
})`

// until waits until an expression of script is true in the page. Pages may be loaded meanwhile.
func (p *page) until(what, expression string) {
	p.t.Helper()
	end := time.Now().Add(patience)
	for {
		is, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](fmt.Sprintf(poll, expression), chromedp.EvalAwaitPromise))
		if is && err == nil {
			return
		}
		if p.ctx.Err() != nil || time.Now().After(end) {
			p.fail(fmt.Sprintf("waited for: %s\n%s\n(last error: %v)", what, expression, err))
		}
	}
}

// sees waits until an element is there and visible.
func (p *page) sees(selector string) {
	p.t.Helper()
	p.until(selector+" is seen", fmt.Sprintf("[...document.querySelectorAll(%s)].some((el) => el.checkVisibility())", quote(selector)))
}

// misses waits until no such element is visible.
func (p *page) misses(selector string) {
	p.t.Helper()
	p.until(selector+" is gone", fmt.Sprintf("![...document.querySelectorAll(%s)].some((el) => el.checkVisibility())", quote(selector)))
}

// reads waits until a visible element holds the text.
func (p *page) reads(selector, text string) {
	p.t.Helper()
	p.until(
		selector+" reads "+text,
		fmt.Sprintf(
			"[...document.querySelectorAll(%s)].some((el) => el.checkVisibility() && (el.matches('input, textarea, select') ? el.value : el.textContent).includes(%s))",
			quote(selector),
			quote(text),
		),
	)
}

// at waits until the page's path is the wanted one.
func (p *page) at(path string) {
	p.t.Helper()
	p.until("the page is "+path, fmt.Sprintf("location.pathname === %s && document.readyState === 'complete'", quote(path)))
}

// eval gives the value of an expression of script.
func eval[T any](p *page, expression string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.fail(fmt.Sprintf("%s: %v", expression, err))
	}
	return v
}

// quote writes a text as script does.
func quote(s string) string {
	b, _ := json.Marshal(s) // a string can always be written
	return string(b)
}

// spot is script that finds where a person would click on an element: in its middle, if nothing lies over it.
const spot = `(() => {
	for (const el of document.querySelectorAll(%s)) {
		if (!el.checkVisibility({ visibilityProperty: true }) || el.disabled) continue;
		el.scrollIntoView({ block: "nearest", inline: "nearest" });
		const box = el.getBoundingClientRect();
		const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
		const hit = document.elementFromPoint(x, y);
		if (hit && (el.contains(hit) || hit.contains(el) && hit.closest("label")?.contains(el))) return [x, y];
	}
	return null;
})()`

// where waits until an element can be clicked, and stands still.
func (p *page) where(selector string) (x, y float64) {
	p.t.Helper()
	find := fmt.Sprintf(spot, quote(selector))
	end := time.Now().Add(patience)
	var last []float64
	for {
		at, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]float64](find))
		if err == nil && len(at) == 2 && len(last) == 2 && at[0] == last[0] && at[1] == last[1] {
			return at[0], at[1]
		}
		last = at
		if time.Now().After(end) {
			p.fail(selector + " cannot be clicked")
		}
		_, _ = chromedp.Run(
			p.ctx,
			chromedp.Evaluate[bool](`new Promise((done) => setTimeout(() => done(true), 15))`, chromedp.EvalAwaitPromise),
		)
	}
}

// click clicks with the mouse, n times.
func (p *page) click(selector string, n ...int) {
	p.t.Helper()
	x, y := p.where(selector)
	times := 1
	if len(n) > 0 {
		times = n[0]
	}
	p.do(chromedp.MouseEvent(chromedp.MouseMoved, x, y))
	for i := 1; i <= times; i++ {
		p.do(chromedp.MouseClickXY(x, y, chromedp.ClickCount(i)))
	}
}

// typed types a text where the focus is.
func (p *page) typed(text string) {
	p.t.Helper()
	p.call("type", func() error {
		_, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: text})
		return err
	})
}

// fill clicks into a field and writes over what is there.
func (p *page) fill(selector, text string) {
	p.t.Helper()
	p.click(selector)
	p.until(selector+" has the focus", fmt.Sprintf("document.activeElement?.matches(%s)", quote(selector)))
	eval[bool](p, "document.activeElement.select(), true")
	p.typed(text)
	p.reads(selector, text)
}

// choose takes an option of a select.
func (p *page) choose(selector, value string) {
	p.t.Helper()
	eval[bool](
		p,
		fmt.Sprintf(
			`(() => { const el = document.querySelector(%s); el.value = %s; el.dispatchEvent(new Event("input", { bubbles: true })); el.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`,
			quote(selector),
			quote(value),
		),
	)
}

// named are the keys that are not characters.
var named = map[string]string{"Enter": kb.Enter, "Escape": kb.Escape, "ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp, "Tab": kb.Tab}

// press presses a key: a character or one of named.
func (p *page) press(key string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	if k, ok := named[key]; ok {
		key = k
	}
	p.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...)))
}

// fail ends the test with the picture and the words of the page.
func (p *page) fail(why string) {
	p.t.Helper()
	at, _ := chromedp.Run(p.ctx, chromedp.Location())
	text, _ := chromedp.Run(p.ctx, chromedp.Evaluate[string]("document.body?.innerText ?? ''"))
	if picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot()); err == nil {
		file := filepath.Join(p.t.ArtifactDir(), "page.png")
		if os.WriteFile(file, picture, 0o600) == nil {
			why += "\npicture: " + file
		}
	}
	p.t.Fatalf("%s\nat %s:\n%.300s", why, at, text)
}

// hold holds a key down so long that the keyboard repeats it n times.
func (p *page) hold(key string, n int) {
	p.t.Helper()
	repeat := true
	for i := range n + 1 {
		k := input.DispatchKeyEventParams{
			Type:                  input.DispatchKeyEventTypeKeyDown,
			Key:                   key,
			Code:                  key,
			Text:                  "\r",
			WindowsVirtualKeyCode: 13,
		}
		if i > 0 {
			k.AutoRepeat = &repeat
		}
		p.call("hold "+key, func() error {
			_, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, k)
			return err
		})
	}
	p.call("let go of "+key, func() error {
		_, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{
			Type:                  input.DispatchKeyEventTypeKeyUp,
			Key:                   key,
			Code:                  key,
			WindowsVirtualKeyCode: 13,
		})
		return err
	})
}

// close closes the tab as its reader does: the page gets the time to say goodbye.
func (p *page) close() {
	p.t.Helper()
	p.call("close", func() error {
		_, err := chromedp.Call(p.ctx, chromepage.Close, cdp.Empty{})
		return err
	})
}
