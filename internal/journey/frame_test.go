package journey_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	chromepage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// frame is a page shown inside another one, of another origin: the chat on a shop's page. The mouse and the keyboard
// belong to the tab; only looking needs to know which frame is meant.
type frame struct {
	p    *page
	path string // what the frame's address holds
}

var errNoFrame = errors.New("there is no such frame yet")

// look gives the value of an expression in the frame. Frames come and go with the page, so it is found anew each time.
func (f frame) look(expression string) (json.RawMessage, error) {
	tree, err := chromedp.Call(f.p.ctx, chromepage.GetFrameTree, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	for _, child := range tree.FrameTree.ChildFrames {
		if !strings.Contains(child.Frame.URL, f.path) {
			continue
		}
		world, err := chromedp.Call(f.p.ctx, chromepage.CreateIsolatedWorld, chromepage.CreateIsolatedWorldParams{
			FrameID:   child.Frame.ID,
			WorldName: "journey",
		})
		if err != nil {
			return nil, err
		}
		yes := true
		got, err := chromedp.Call(f.p.ctx, runtime.Evaluate, runtime.EvaluateParams{
			Expression: expression, ContextID: world.ExecutionContextID, ReturnByValue: &yes, AwaitPromise: &yes,
		})
		if err != nil {
			return nil, err
		}
		if got.ExceptionDetails != nil {
			return nil, errors.New(thrown(got.ExceptionDetails))
		}
		return json.RawMessage(got.Result.Value), nil
	}
	return nil, errNoFrame
}

// until waits until an expression is true in the frame.
func (f frame) until(what, expression string) {
	f.p.t.Helper()
	for end := time.Now().Add(patience); ; {
		got, err := f.look(fmt.Sprintf(poll, expression))
		if err == nil && string(got) == "true" {
			return
		}
		if f.p.ctx.Err() != nil || time.Now().After(end) {
			words, _ := f.look("document.body.innerText")
			f.p.fail(fmt.Sprintf("waited in the frame for: %s\n%s\n(last error: %v)\nthe frame: %.500s", what, expression, err, words))
		}
	}
}

func (f frame) reads(selector, text string) {
	f.p.t.Helper()
	f.until(
		selector+" reads "+text,
		fmt.Sprintf(
			"[...document.querySelectorAll(%s)].some((el) => el.checkVisibility() && (el.matches('input, textarea') ? el.value : el.textContent).includes(%s))",
			quote(selector),
			quote(text),
		),
	)
}

func (f frame) misses(selector string) {
	f.p.t.Helper()
	f.until(selector+" is gone", fmt.Sprintf("![...document.querySelectorAll(%s)].some((el) => el.checkVisibility())", quote(selector)))
}

func (f frame) focused(selector string) {
	f.p.t.Helper()
	f.until(selector+" has the focus", fmt.Sprintf("document.activeElement?.matches(%s)", quote(selector)))
}

// fill puts the focus into a field and writes over what is there, as Tab and typing do.
func (f frame) fill(selector, text string) {
	f.p.t.Helper()
	f.until(
		selector+" takes the focus",
		fmt.Sprintf(
			"(() => { const el = document.querySelector(%s); el.focus(); el.select(); return document.activeElement === el; })()",
			quote(selector),
		),
	)
	f.p.typed(text)
	f.reads(selector, text)
}

// do runs script in the frame that has to work.
func (f frame) do(script string) {
	f.p.t.Helper()
	if _, err := f.look(script); err != nil {
		f.p.fail(fmt.Sprintf("in the frame: %s: %v", script, err))
	}
}

// judge looks at the frame by the rules of the norm, in both themes.
func (f frame) judge(name, axe string) {
	f.p.t.Helper()
	f.do(axe + "; true")
	for _, theme := range []string{"light", "dark"} {
		f.p.theme(theme)
		// Each look is in a world of its own, so axe is brought along.
		got, err := f.look(axe + "; " + runAxe)
		if err != nil {
			f.p.fail("axe in the frame: " + err.Error())
		}
		var found string
		if err := json.Unmarshal(got, &found); err != nil {
			f.p.fail("axe in the frame: " + err.Error())
		}
		f.p.report(name, theme, found)
	}
	f.p.theme("light")
}

func TestFrame_MissingOneIsAnError(t *testing.T) {
	p := newReader(t, "about:blank")
	if _, err := (frame{p, "/chat/"}).look("true"); !errors.Is(err, errNoFrame) {
		t.Errorf("got %v, want that there is no frame", err)
	}
}
