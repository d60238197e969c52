package carrier_test

import (
	"context"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

var (
	day  = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	call = carrier.CallRef{Ours: "our-leg", Theirs: "their-leg"}
	anna = domain.Identity{Kind: domain.UserIdentity, Value: "anna"}
)

// requests are all questions to a vendor that not every vendor can be asked, each with what the driver is asked by it
// and in which time it must be done.
var requests = []struct {
	name  string
	asked string
	limit time.Duration
	do    func(context.Context, *carrier.Connection) (any, error)
	want  any
}{
	{"Upload", "upload plan.pdf", carrier.FileTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			return c.Upload(ctx, carrier.OutgoingMedia{Name: "plan.pdf"})
		}, "upload-1"},
	{"Templates", "templates", 2 * carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			list, err := c.Templates(ctx)
			return len(list), err
		}, 1},
	{"MarkRead", "read vendor-9", carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			return nil, c.MarkRead(ctx, anna, "vendor-9", false)
		}, nil},
	{"MarkRead typing", "read and typing vendor-9", carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			return nil, c.MarkRead(ctx, anna, "vendor-9", true)
		}, nil},
	{"Poll", "poll 2026-08-01", carrier.FileTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			b, err := c.Poll(ctx, day)
			return len(b.Unknown), err
		}, 1},
	{"Test", "test", carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			return c.Test(ctx)
		}, carrier.Account{Name: "Shop"}},
	{"Find", "find hello 2026-08-01", carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			ids, err := c.Find(ctx, carrier.Outgoing{Text: "hello"}, day)
			return strings.Join(ids, ","), err
		}, "vendor-2"},
	{"Subscribe", "subscribe", carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			return nil, c.Subscribe(ctx)
		}, nil},
	{"Inspect", "inspect", 2 * carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			condition, err := c.Inspect(ctx)
			return condition.State, err
		}, carrier.ConditionWarning},
	{"Profile", "profile anna", carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			p, err := c.Profile(ctx, anna)
			return p.Picture, err
		}, "picture-1"},
	{"Call", "call +420601000111", carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			return c.Call(ctx, carrier.OutgoingCall{Agent: "+420601000111"})
		}, carrier.CallReceipt{Leg: "leg-1"}},
	{"FindCall", "find call +420601000111", carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			r, found, err := c.FindCall(ctx, carrier.OutgoingCall{Agent: "+420601000111"}, day)
			if found != (err == nil) {
				return nil, errors.New("found does not follow the answer")
			}
			return r, err
		}, carrier.CallReceipt{Leg: "leg-2"}},
	{"Hangup", "hang up our-leg", carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			return nil, c.Hangup(ctx, call)
		}, nil},
	{"Hold", "hold our-leg", carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			return nil, c.Hold(ctx, call, true)
		}, nil},
	{"Hold off", "bring back our-leg", carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			return nil, c.Hold(ctx, call, false)
		}, nil},
	{"LookUpCall", "look up our-leg", carrier.RequestTimeout,
		func(ctx context.Context, c *carrier.Connection) (any, error) {
			list, err := c.LookUpCall(ctx, call)
			return len(list), err
		}, 1},
}

// silent are those that do nothing where a vendor does not offer them, because nothing is lost by it.
var silent = []string{"Upload", "MarkRead", "MarkRead typing", "Subscribe"}

func TestConnection_AsksTheDriverOnceWithinItsTime(t *testing.T) {
	for _, r := range requests {
		t.Run(r.name, func(t *testing.T) {
			d := &fullDriver{}
			got, err := r.do(t.Context(), carrier.NewConnection(domain.Channel{}, d, nil))
			if err != nil || got != r.want {
				t.Errorf("got %v, %v, want %v", got, err, r.want)
			}
			if !slices.Equal(d.asked, []string{r.asked}) {
				t.Errorf("the driver was asked %q, want %q", d.asked, r.asked)
			}
			if !slices.Equal(d.limits, []time.Duration{r.limit}) {
				t.Errorf("the request had %v, want %v", d.limits, r.limit)
			}
		})
	}
}

func TestConnection_NotOffered_RefusedBeforeAnythingLeaves(t *testing.T) {
	for _, r := range requests {
		t.Run(r.name, func(t *testing.T) {
			observed := 0
			_, err := r.do(t.Context(), carrier.NewConnection(domain.Channel{}, &bareDriver{}, func(context.Context, error) { observed++ }))
			if slices.Contains(silent, r.name) {
				if err != nil {
					t.Errorf("got %v, want nothing to happen", err)
				}
			} else {
				wantRefusal(t, err, "provider.unsupported")
			}
			if observed != 0 {
				t.Errorf("%d requests were observed, although none was made", observed)
			}
		})
	}
}

func TestConnection_EveryFailureIsAnError(t *testing.T) {
	for _, r := range requests {
		t.Run(r.name, func(t *testing.T) {
			var observed []error
			d := &fullDriver{err: io.ErrUnexpectedEOF}
			_, err := r.do(
				t.Context(),
				carrier.NewConnection(domain.Channel{}, d, func(_ context.Context, err error) { observed = append(observed, err) }),
			)
			var e *carrier.Error
			if !errors.As(err, &e) || e.Class != carrier.Uncertain || !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("got %v, want an uncertain *carrier.Error around the cause", err)
			}
			if len(observed) != 1 || !errors.Is(observed[0], io.ErrUnexpectedEOF) {
				t.Errorf("observed %v, want the failure once", observed)
			}
		})
	}
}

func TestConnection_SaysWhatTheVendorOffers(t *testing.T) {
	full := carrier.NewConnection(domain.Channel{}, &fullDriver{bareDriver: bareDriver{caps: carrier.Capabilities{Calls: true}}}, nil)
	bare := carrier.NewConnection(domain.Channel{}, &bareDriver{caps: carrier.Capabilities{Calls: true}}, nil)
	for name, can := range map[string]func(*carrier.Connection) bool{
		"receive": (*carrier.Connection).CanReceive, "poll": (*carrier.Connection).CanPoll,
		"test": (*carrier.Connection).CanTest,
		"find": (*carrier.Connection).CanFind, "profile": (*carrier.Connection).CanProfile,
		"inspect": (*carrier.Connection).CanInspect, "call": (*carrier.Connection).CanCall,
	} {
		if !can(full) || can(bare) {
			t.Errorf("%s: got %v and %v, want only the one that offers it", name, can(full), can(bare))
		}
	}
	if carrier.NewConnection(domain.Channel{}, &fullDriver{}, nil).CanCall() {
		t.Error("a channel that does not say it can call has no calls, whatever its driver could do")
	}
}

// personDriver is for vendors that mark everything a person wrote as read.
type personDriver struct {
	bareDriver
	marked []domain.Identity
}

func (d *personDriver) MarkPerson(_ context.Context, who domain.Identity, _ bool) error {
	d.marked = append(d.marked, who)
	return nil
}

func TestMarkRead_ByPersonWhereVendorsGoByPersons(t *testing.T) {
	d := &personDriver{}
	if err := carrier.NewConnection(domain.Channel{}, d, nil).MarkRead(t.Context(), anna, "vendor-9", false); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(d.marked, []domain.Identity{anna}) {
		t.Errorf("got %v, want %v", d.marked, anna)
	}
}

func TestConnection_FilesAreOpenedByTheDriver(t *testing.T) {
	d, observed := &fullDriver{}, 0
	full := carrier.NewConnection(domain.Channel{}, d, func(context.Context, error) { observed++ })
	if m, err := full.Fetch(t.Context(), "file-1"); err != nil || m.MIME != "file-1" || observed != 1 {
		t.Errorf("Fetch: got %+v, %v, observed %d times", m, err, observed)
	}
	if len(d.limits) != 0 {
		t.Errorf("Fetch: got a limit of %v, but its body is read after it returned", d.limits)
	}
	if m, err := full.Extract(strings.NewReader("source"), "1.2"); err != nil || m.MIME != "1.2" || observed != 1 {
		t.Errorf("Extract: got %+v, %v, and %d observed requests; it asks no vendor", m, err, observed)
	}
	bare := carrier.NewConnection(domain.Channel{}, &bareDriver{}, nil)
	_, err := bare.Fetch(t.Context(), "file-1")
	wantRefusal(t, err, "provider.unsupported")
	_, err = bare.Extract(strings.NewReader("source"), "1.2")
	wantRefusal(t, err, "provider.unsupported")
}

func TestConnection_Webhooks(t *testing.T) {
	full, bare := carrier.NewConnection(domain.Channel{}, &fullDriver{}, nil), carrier.NewConnection(domain.Channel{}, &bareDriver{}, nil)
	if err := bare.Verify(carrier.Webhook{Body: []byte("forged")}); !errors.Is(err, carrier.ErrSignature) {
		t.Errorf("Verify: got %v", err)
	}
	b, err := bare.Parse(carrier.Webhook{Body: []byte("hello")})
	if err != nil || len(b.Messages) != 1 || b.Messages[0].Text != "hello" {
		t.Errorf("Parse: got %+v, %v", b, err)
	}
	if body, err := full.Handshake(url.Values{"challenge": {"42"}}); err != nil || body != "42" {
		t.Errorf("Handshake: got %q, %v", body, err)
	}
	body, err := bare.Handshake(url.Values{"challenge": {"42"}})
	if !errors.Is(err, carrier.ErrSignature) || body != "" {
		t.Errorf("Handshake of a vendor without one: got %q, %v, want ErrSignature", body, err)
	}
	if mime, body := full.Answer(carrier.Webhook{}); mime != "text/plain" || body != "answer" {
		t.Errorf("Answer: got %q %q", mime, body)
	}
	if mime, body := bare.Answer(carrier.Webhook{}); mime != "" || body != "" {
		t.Errorf("Answer of a vendor that wants none: got %q %q", mime, body)
	}
}

// answerDriver answers webhooks, but never says what a call does next.
type answerDriver struct{ bareDriver }

func (answerDriver) Answer(carrier.Webhook) (mime, body string) { return "text/plain", "answer" }

func TestConnection_CallsAreAnsweredBySnapshot(t *testing.T) {
	full := carrier.NewConnection(domain.Channel{}, &fullDriver{}, nil)
	ours, vendorID, ok := full.IdentifyCall(carrier.Webhook{Body: []byte("our-1")})
	if !ok || ours != "our-1" || vendorID != "vendor-3" {
		t.Errorf("IdentifyCall: got %q, %q, %v", ours, vendorID, ok)
	}
	for held, want := range map[bool]string{true: "music", false: "ring"} {
		mime, body := full.AnswerCall(carrier.Webhook{}, carrier.CallSnapshot{Held: held})
		if mime != "text/xml" || body != want {
			t.Errorf("held %v: got %q %q, want %q", held, mime, body, want)
		}
	}
	plain := carrier.NewConnection(domain.Channel{}, &answerDriver{}, nil)
	if _, _, ok := plain.IdentifyCall(carrier.Webhook{Body: []byte("our-1")}); ok {
		t.Error("a vendor that does not ask what a call does next was said to name one")
	}
	if _, body := plain.AnswerCall(carrier.Webhook{}, carrier.CallSnapshot{Held: true}); body != "answer" {
		t.Errorf("got %q, want the answer every webhook gets", body)
	}
}

// wantRefusal checks that something was refused as the message's fault, with the sentence that says why.
func wantRefusal(t *testing.T, err error, key string) {
	t.Helper()
	var e *carrier.Error
	if !errors.As(err, &e) || e.Class != carrier.InvalidValue || e.Key != key {
		t.Errorf("got %v, want a refusal with %s", err, key)
	}
}
