package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

type desk struct {
	*store.Store
	t      *testing.T
	engine kv.Store
	events []domain.Event
	now    time.Time
}

func open(t *testing.T) *desk {
	t.Helper()
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	d := &desk{t: t, engine: engine, now: noon}
	d.reopen()
	return d
}

func (d *desk) reopen() {
	d.t.Helper()
	s, err := store.Open(d.t.Context(), d.engine, store.Options{
		Now:         func() time.Time { return d.now },
		SealKey:     make([]byte, store.SealKeyLength),
		AfterCommit: func(e []domain.Event) { d.events = append(d.events, e...) },
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.Store = s
}

func (d *desk) update(fn func(*store.Tx) error) {
	d.t.Helper()
	if err := d.Update(d.t.Context(), fn); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) view(fn func(*store.Tx) error) {
	d.t.Helper()
	if err := d.View(d.t.Context(), fn); err != nil {
		d.t.Fatal(err)
	}
}

// keys are all keys of the desk but the counters and the events, which outlive what they are about.
func (d *desk) keys() (list []string) {
	d.t.Helper()
	err := d.engine.View(d.t.Context(), func(r kv.Reader) error {
		return r.Iterate(kv.Range{KeysOnly: true}, func(k, _ []byte) error {
			if s := string(k); !strings.HasPrefix(s, "n/") && !strings.HasPrefix(s, "e/") {
				list = append(list, s)
			}
			return nil
		})
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return list
}

// wantIndexOfLastState proves that the index entries of a record follow from its state alone: after any series of
// changes, also back to the first state, the desk has the very keys of one that only ever saw the last state. kept are
// the prefixes of keys that a change leaves on purpose.
func wantIndexOfLastState[T any](t *testing.T, put func(*store.Tx, *T) error, kept []string, states ...T) {
	t.Helper()
	without := func(d *desk) []string {
		return slices.DeleteFunc(d.keys(), func(k string) bool {
			return slices.ContainsFunc(kept, func(prefix string) bool { return strings.HasPrefix(k, prefix) })
		})
	}
	changed := open(t)
	for i, state := range append(slices.Clone(states), states[0]) {
		fresh := open(t)
		for _, d := range []*desk{changed, fresh} {
			record := state
			d.update(func(tx *store.Tx) error { return put(tx, &record) })
		}
		got, want := without(changed), without(fresh)
		for _, k := range got {
			if !slices.Contains(want, k) {
				t.Errorf("state %d: the entry %q of an earlier state was left behind", i, k)
			}
		}
		for _, k := range want {
			if !slices.Contains(got, k) {
				t.Errorf("state %d: the entry %q is missing", i, k)
			}
		}
	}
}

// at is a moment some minutes after noon.
func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

// number makes an identifier for tests, in the order of the numbers.
func number(n int) domain.ID { return domain.ID{byte(n >> 8), byte(n)} }

// wantKind compares the kind of a refusal.
func wantKind(t *testing.T, what string, err error, want domain.ErrorKind) {
	t.Helper()
	if got := domain.KindOf(err); got != want {
		t.Errorf("%s: got %q (%v), want %q", what, got, err, want)
	}
}

// wantList compares two lists and says both.
func wantList[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// fill sets every field of a struct to something that is not its zero value, so that a field the codec forgets is
// noticed.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(noon.Add(time.Duration(*n) * 1001 * time.Millisecond)))
		return
	case domain.ID:
		v.Set(reflect.ValueOf(domain.ID{1, 2, byte(*n)}))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("žluť %d", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(*n % 200))
	case reflect.Float64:
		v.SetFloat(float64(*n) + .5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, n)
		fill(value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	}
}

func filled[T any]() T {
	var v T
	n := 0
	fill(reflect.ValueOf(&v).Elem(), &n)
	return v
}

func TestRecords_EveryFieldSurvives(t *testing.T) {
	d := open(t)
	channel := filled[domain.Channel]()
	message := filled[domain.Message]()
	conversation := filled[domain.Conversation]()
	request := filled[domain.Request]()
	contact := filled[domain.Contact]()
	operator := filled[domain.Operator]()
	operator.Email = "eva@example.org"
	template := filled[domain.MessageTemplate]()
	template.ChannelID = channel.ID
	job := filled[domain.Job]()
	parked := filled[domain.ParkedEntry]()
	parked.Parts = 0
	d.update(func(tx *store.Tx) error {
		return errors.Join(
			tx.PutChannel(&channel),
			tx.PutMessage(&message, 1),
			tx.PutConversation(&conversation, &channel),
			tx.PutRequest(&request, 1),
			tx.PutContact(&contact),
			tx.PutOperator(&operator),
			tx.ReplaceTemplates(channel.ID, []domain.MessageTemplate{template}),
			tx.PutJob(&job),
			tx.PutParked(&parked),
		)
	})
	d.view(func(tx *store.Tx) error {
		channel.SecretsLost = false // found out by reading
		same(t, "channel", channel, tx.Channel)(channel.ID)
		raw, err := tx.Raw(message.ID)
		if !bytes.Equal(raw, message.Raw) || err != nil {
			t.Errorf("raw: got %q, %v, want %q", raw, err, message.Raw)
		}
		message.Raw = nil
		same(t, "message", message, tx.Message)(message.ID)
		same(t, "conversation", conversation, tx.Conversation)(conversation.ID)
		same(t, "request", request, tx.Request)(request.ID)
		same(t, "contact", contact, tx.Contact)(contact.ID)
		same(t, "operator", operator, tx.Operator)(operator.ID)
		job.Begun, job.Probe = false, false // whoever gets a job from the store must not take it for begun
		same(t, "job", job, tx.Job)(job.ID)
		same(t, "parked", parked, tx.ParkedEntry)(parked.ID)
		got, err := tx.MessageTemplate(channel.ID, template.Name, template.Language)
		if err != nil || !equal(got, template) {
			t.Errorf("template: got %+v, %v", got, err)
		}
		return nil
	})
}

func same[T any](t *testing.T, name string, want T, get func(domain.ID) (T, error)) func(domain.ID) {
	return func(id domain.ID) {
		t.Helper()
		got, err := get(id)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		a, b := reflect.ValueOf(got), reflect.ValueOf(want)
		for i := range a.NumField() {
			if x, y := a.Field(i).Interface(), b.Field(i).Interface(); !equal(x, y) {
				t.Errorf("%s.%s: got %v, want %v", name, a.Type().Field(i).Name, x, y)
			}
		}
	}
}

// equal compares what would be told to the outside: pointers by what they point at, times by the moment.
func equal(x, y any) bool {
	a, errA := json.Marshal(x)
	b, errB := json.Marshal(y)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

func TestMain(m *testing.M) {
	time.Local = time.UTC // stored times come back in the machine's zone: the same moment in other letters
	m.Run()
}
