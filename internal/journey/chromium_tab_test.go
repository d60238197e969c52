package journey_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	chromepage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// chromiumEngine is a browser of its own within the one Chromium of the test run.
type chromiumEngine struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu      sync.Mutex
	opened  int    // guarded by mu
	scripts string // to run before each page's own; guarded by mu
}

func openChromium(t *testing.T) engine {
	t.Helper()
	startBrowser(t)
	ctx, cancel := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	if err := chromedp.Do(ctx, chromedp.Steps()); err != nil {
		t.Fatalf("open a browser: %v", err)
	}
	return &chromiumEngine{ctx: ctx, cancel: cancel}
}

func (e *chromiumEngine) close() { e.cancel() }

func (e *chromiumEngine) preload(script string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.scripts += script + ";\n"
}

func (e *chromiumEngine) window() (tab, error) {
	yes := true
	return e.open("window", target.CreateTargetParams{NewWindow: &yes, Width: 1200, Height: 800})
}

func (e *chromiumEngine) behind() (tab, error) {
	yes := true
	return e.open("tab behind", target.CreateTargetParams{Background: &yes})
}

func (e *chromiumEngine) open(kind string, where target.CreateTargetParams) (tab, error) {
	where.URL, where.BrowserContextID = "about:blank", chromedp.FromContext(e.ctx).BrowserContextID
	made, err := withTime(e.ctx, lookWithin, func(ctx context.Context) (target.CreateTargetResult, error) {
		return chromedp.CallBrowser(ctx, target.CreateTarget, where)
	})
	if err != nil {
		return nil, fmt.Errorf("open a %s: %w", kind, err)
	}
	ctx, _ := chromedp.NewContext(e.ctx, chromedp.WithTargetID(made.TargetID)) // ends with the browser
	if err := chromedp.Do(ctx, chromedp.Steps()); err != nil {
		return nil, fmt.Errorf("open a %s: %w", kind, err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.opened++
	w := &chromiumTab{ctx: ctx, id: made.TargetID, name: fmt.Sprintf("%s %d of Chromium", kind, e.opened)}
	if e.scripts == "" {
		return w, nil
	}
	_, err = chromedp.Call(
		ctx,
		chromepage.AddScriptToEvaluateOnNewDocument,
		chromepage.AddScriptToEvaluateOnNewDocumentParams{Source: e.scripts},
	)
	return w, err
}

// chromiumTab is a tab of Chromium that is as visible as it would be on a screen.
type chromiumTab struct {
	ctx  context.Context
	id   target.ID
	name string
}

func (w *chromiumTab) String() string { return w.name }

func (w *chromiumTab) open(address string) error {
	got, err := withTime(w.ctx, loadWithin, func(ctx context.Context) (chromepage.NavigateResult, error) {
		return chromedp.Call(ctx, chromepage.Navigate, chromepage.NavigateParams{URL: address})
	})
	if err == nil && got.ErrorText != "" {
		err = errors.New(got.ErrorText)
	}
	return err
}

func (w *chromiumTab) look(expression string) (json.RawMessage, error) {
	yes := true
	got, err := withTime(w.ctx, lookWithin, func(ctx context.Context) (runtime.EvaluateResult, error) {
		return chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{
			Expression: expression, ReturnByValue: &yes, AwaitPromise: &yes,
		})
	})
	switch {
	case err != nil:
		return nil, err
	case got.ExceptionDetails != nil:
		return nil, errors.New(thrown(got.ExceptionDetails))
	}
	return json.RawMessage(got.Result.Value), nil
}

func (w *chromiumTab) front() error {
	_, err := withTime(w.ctx, lookWithin, func(ctx context.Context) (cdp.Empty, error) {
		return chromedp.CallBrowser(ctx, target.ActivateTarget, target.ActivateTargetParams{TargetID: w.id})
	})
	return err
}

// freeze stops all of the page, as the browser does with those that have been hidden for long; thaw lets it go on.
func (w *chromiumTab) freeze() error { return w.setLifecycle("frozen") }
func (w *chromiumTab) thaw() error   { return w.setLifecycle("active") }

func (w *chromiumTab) setLifecycle(state chromepage.SetWebLifecycleStateState) error {
	_, err := withTime(w.ctx, lookWithin, func(ctx context.Context) (cdp.Empty, error) {
		return chromedp.Call(ctx, chromepage.SetWebLifecycleState, chromepage.SetWebLifecycleStateParams{State: state})
	})
	return err
}
