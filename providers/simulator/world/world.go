// Package world is what the simulator's vendors have in common: the customers and their telephones, what was said,
// how a vendor misbehaves, and the time. It knows no vendor; dialect.go says what a vendor has to bring along.
//
// # Parts
//
// The truth: state.go keeps it behind the lock of World.Do. Each noun stands in its own file together with what the
// state can tell of it: number.go, customer.go, thread.go, message.go, file.go, template.go, call.go, faults.go.
// traits.go and switch.go say what a vendor can do, and how it is made to fail.
//
// What happens: people.go and say.go (what customers do), telephones.go with exchange.go (the same for calls),
// import.go (what happened before), dialect.go and outbox.go (how the desk is told), respond.go (what the servers of
// all vendors do alike).
//
// Beside them: clock.go, work.go, watchers.go and samples.go.
//
// media/voice.ogg is a hummed tone of two seconds, made with ffmpeg's signal generator and libopus:
//
//	ffmpeg -f lavfi -i "aevalsrc='0.25*sin(2*PI*(220+40*sin(2*PI*3*t))*t)*…':s=48000:d=2" -ac 1 -c:a libopus -b:a 20k voice.ogg
//
// media/sticker.webp was drawn on a browser's canvas.
package world

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// ErrUnknown says that there is no such number, customer, message, letter or call.
var ErrUnknown = errors.New("no such number, customer, message, letter or call")

// Options set a World up. Every field may be left empty.
type Options struct {
	Clock     Clock        // SystemClock when nil
	Logger    *slog.Logger // silent when nil
	PageSize  int          // most entries on a page of a vendor's list; 100 when 0
	Templates []Template   // of every account
}

// World is the customers of some business numbers and everything that was said with them. It is safe for many callers.
type World struct {
	Clock      Clock
	Logger     *slog.Logger
	Client     *http.Client // with which vendors call the desk
	PageSize   int
	Work       *Work
	Outbox     *Outbox
	Telephones *Telephones

	watchers *Watchers
	mu       sync.Mutex // guards state; never held during a call over the network
	state    *State
}

// New makes a world without business numbers and customers.
func New(o Options) *World {
	w := &World{
		Clock:    o.Clock,
		Logger:   o.Logger,
		Client:   &http.Client{Timeout: 10 * time.Second},
		PageSize: cmp.Or(o.PageSize, 100),
		watchers: &Watchers{},
	}
	if w.Clock == nil {
		w.Clock = SystemClock{}
	}
	if w.Logger == nil {
		w.Logger = slog.New(slog.DiscardHandler)
	}
	w.Work = NewWork(w.Clock)
	w.Outbox = &Outbox{world: w}
	w.Telephones = &Telephones{world: w}
	w.state = newState(w.Clock, w.watchers, o.Templates, randomPrefix())
	return w
}

// randomPrefix keeps the ids of different runs apart, because a desk may outlive the simulator.
func randomPrefix() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// Stop ends all work and waits for it. It may be called twice.
func (w *World) Stop() {
	w.Work.Stop()
	w.Client.CloseIdleConnections()
}

// Do lets fn read and change what is true, alone. fn must not call the world, nor anything over the network.
func (w *World) Do(fn func(*State)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fn(w.state)
}

// Watch gives a channel that receives after every change, and a function that ends it. Changes in quick succession
// may come as one.
func (w *World) Watch() (changes <-chan struct{}, stop func()) { return w.watchers.Watch() }

// Notify reports a change to all who watch, for what a dialect keeps by itself.
func (w *World) Notify() { w.watchers.Notify() }

// AddNumber adds a business number that speaks a dialect. Its id must be new.
func (w *World) AddNumber(n Number, d Dialect) {
	w.Do(func(s *State) { s.businesses = append(s.businesses, &business{number: n, dialect: d}) })
}

// Numbers lists the business numbers in the order in which they were added.
func (w *World) Numbers() (out []Number) {
	w.Do(func(s *State) {
		for _, b := range s.businesses {
			out = append(out, b.number)
		}
	})
	return out
}

// NumbersOf lists those that speak a dialect.
func (w *World) NumbersOf(d Dialect) (out []Number) {
	w.Do(func(s *State) {
		for _, b := range s.businesses {
			if b.dialect == d {
				out = append(out, b.number)
			}
		}
	})
	return out
}

// DialectOf is what a number speaks; nil when there is no such number.
func (w *World) DialectOf(number string) (d Dialect) {
	w.Do(func(s *State) {
		if b := s.business(number); b != nil {
			d = b.dialect
		}
	})
	return d
}

// Traits are those of a number's vendor; empty when there is no such number.
func (w *World) Traits(number string) Traits {
	if d := w.DialectOf(number); d != nil {
		return d.Traits()
	}
	return Traits{}
}

// Connect sets where the webhooks of a number go.
func (w *World) Connect(number, hook string) (err error) {
	w.Do(func(s *State) {
		b := s.business(number)
		if b == nil {
			err = fmt.Errorf("world: connect: %w", ErrUnknown)
			return
		}
		b.number.Hook = hook
	})
	return err
}

// ServedAt sets the address at which the vendors' servers are reached: some vendors write it into webhooks.
func (w *World) ServedAt(url string) { w.Do(func(s *State) { s.url = url }) }

// URL is the address at which the vendors' servers are reached; "" while they are not.
func (w *World) URL() (url string) {
	w.Do(func(s *State) { url = s.url })
	return url
}

// SetFaults changes how the vendor misbehaves for the number.
func (w *World) SetFaults(number string, f Faults) (err error) {
	w.Do(func(s *State) {
		b := s.business(number)
		if b == nil {
			err = fmt.Errorf("world: set faults: %w", ErrUnknown)
			return
		}
		b.faults = f
		s.notify()
	})
	return err
}

// Faults is how the vendor misbehaves for the number now.
func (w *World) Faults(number string) (f Faults) {
	w.Do(func(s *State) { f = s.Faults(number) })
	return f
}
