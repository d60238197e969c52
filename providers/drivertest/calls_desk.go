package drivertest

import (
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// CallDesk stands in for the desk behind a webhook: it answers what a call does next by how the call stands, and then
// moves the call on by what it was told. It is safe for many callers.
type CallDesk struct {
	t   testing.TB
	now func() time.Time

	mu     sync.Mutex
	driver CallDriver
	ring   []string
	calls  map[string]*domain.Call // by our id or the vendor's
	first  map[string]domain.Call  // as each of them began
	taken  CallRecord
}

// CallRecord is what a CallDesk was told, in order.
type CallRecord struct {
	Webhooks   []carrier.Webhook
	News       []carrier.InboundCall
	People     []carrier.Person // who called
	Recordings []domain.Attachment
}

// NewCallDesk makes a desk. Calls that come in ring at the telephones of those on duty.
func NewCallDesk(t testing.TB, now func() time.Time, onDuty ...string) *CallDesk {
	return &CallDesk{t: t, now: now, ring: onDuty, calls: map[string]*domain.Call{}, first: map[string]domain.Call{}}
}

// Connect gives the desk its driver, before anything is told.
func (d *CallDesk) Connect(driver CallDriver) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.driver = driver
}

// OnDuty changes whose telephones ring.
func (d *CallDesk) OnDuty(phones ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ring = phones
}

// ServeHTTP takes in one webhook. A forged one is refused and changes nothing.
func (d *CallDesk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		d.t.Errorf("webhook: %v", err)
	}
	hook := carrier.Webhook{
		URL:        "http://" + r.Host + r.URL.RequestURI(),
		Header:     r.Header,
		Query:      r.URL.Query(),
		Body:       body,
		ReceivedAt: d.now(),
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.driver.Verify(hook); err != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	mime, answer := d.driver.AnswerCall(hook, d.snapshotOf(hook))
	d.applyNews(hook)
	w.Header().Set("Content-Type", mime)
	_, _ = io.WriteString(w, answer) // a vendor that left does not want it
}

// snapshotOf is what the desk knows of the call that a webhook is about. d.mu is held.
func (d *CallDesk) snapshotOf(hook carrier.Webhook) carrier.CallSnapshot {
	ours, vendorID := d.driver.IdentifyCall(hook)
	c := d.calls[ours+vendorID]
	if c == nil {
		return carrier.CallSnapshot{Ring: d.ring}
	}
	return carrier.CallSnapshot{Held: c.Held, Room: c.Room, Answered: !c.AnsweredAt.IsZero()}
}

// applyNews moves calls on. d.mu is held.
func (d *CallDesk) applyNews(hook carrier.Webhook) {
	b, err := d.driver.Parse(hook)
	if err != nil || len(b.Unknown)+len(b.Messages)+len(b.Statuses) > 0 {
		d.t.Errorf("Parse: got %+v, %v, want calls and nothing else", b, err)
	}
	d.taken.Webhooks = append(d.taken.Webhooks, hook)
	for _, in := range b.Calls {
		d.taken.News = append(d.taken.News, in)
		id := in.Ours + in.VendorID
		if d.calls[id] == nil {
			d.addCall(id, domain.Call{State: domain.CallRinging, StartedAt: in.Report.At})
			d.taken.People = append(d.taken.People, in.Person)
		}
		d.calls[id].Apply(in.Incoming, in.Report)
		if in.Recording != nil {
			d.taken.Recordings = append(d.taken.Recordings, *in.Recording)
		}
	}
}

// addCall begins a call. d.mu is held.
func (d *CallDesk) addCall(id string, c domain.Call) {
	d.calls[id], d.first[id] = &c, c
}

// Record is what was told so far.
func (d *CallDesk) Record() CallRecord {
	d.mu.Lock()
	defer d.mu.Unlock()
	return CallRecord{
		slices.Clone(d.taken.Webhooks),
		slices.Clone(d.taken.News),
		slices.Clone(d.taken.People),
		slices.Clone(d.taken.Recordings),
	}
}

// Begin makes a call: it is stored before the vendor is asked.
func (d *CallDesk) Begin(t testing.TB, o carrier.OutgoingCall) {
	t.Helper()
	d.mu.Lock()
	d.addCall(o.ID.String(), domain.Call{State: domain.CallDialling, StartedAt: d.now()})
	d.mu.Unlock()
	r, err := d.driver.Call(t.Context(), o)
	if err != nil || r.Leg == "" {
		t.Fatalf("Call: got %+v, %v, want the vendor's id of our end", r, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls[o.ID.String()].SetLeg(domain.OurSide, r.Leg)
}

// onlyCall is the one call there is, and its id.
func (d *CallDesk) onlyCall(t testing.TB) (string, domain.Call) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.calls) != 1 {
		t.Fatalf("got %d calls, want 1", len(d.calls))
	}
	for id, c := range d.calls {
		return id, *c
	}
	return "", domain.Call{}
}

// CheckState checks where the one call there is stands, and gives it.
func (d *CallDesk) CheckState(t testing.TB, want domain.CallState) domain.Call {
	t.Helper()
	_, c := d.onlyCall(t)
	if c.State != want {
		t.Fatalf("got %s, want %s (%+v)", c.State, want, c)
	}
	return c
}

// CallRef names the one call there is, as the desk names it to a driver.
func (d *CallDesk) CallRef(t testing.TB, incoming bool) carrier.CallRef {
	t.Helper()
	id, c := d.onlyCall(t)
	r := carrier.CallRef{Incoming: incoming, Ours: c.Leg(domain.OurSide), Theirs: c.Leg(domain.TheirSide), Room: c.Room}
	if !incoming {
		var err error
		if r.ID, err = domain.ParseID(id); err != nil {
			t.Fatalf("the call we made goes by %q, want our id", id)
		}
	}
	return r
}

// Hold puts the customer on hold or brings them back: the wish is known before the vendor is called.
func (d *CallDesk) Hold(t testing.TB, incoming, on bool) {
	t.Helper()
	ref := d.CallRef(t, incoming)
	d.mu.Lock()
	for _, c := range d.calls {
		c.Held, c.Room = on, true
	}
	d.mu.Unlock()
	if err := d.driver.Hold(t.Context(), ref, on); err != nil {
		t.Fatalf("Hold(%t): %v", on, err)
	}
}
