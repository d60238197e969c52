package world

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// State is everything that is true in the world. It is reached through World.Do only.
type State struct {
	clock      Clock
	watchers   *Watchers
	url        string
	businesses []*business
	templates  []Template
	customers  []*Customer
	threads    map[threadKey]*Thread
	messages   map[string]*Message
	files      map[string]*StoredFile
	links      map[string]link
	prefix     string // of ids
	lastID     int
}

// business is a number and how its vendor treats it.
type business struct {
	number  Number
	dialect Dialect
	faults  Faults
}

func newState(clock Clock, watchers *Watchers, templates []Template, prefix string) *State {
	return &State{
		clock:     clock,
		watchers:  watchers,
		templates: slices.Clone(templates),
		threads:   map[threadKey]*Thread{},
		messages:  map[string]*Message{},
		files:     map[string]*StoredFile{},
		links:     map[string]link{},
		prefix:    prefix,
	}
}

// notify reports a change to all who watch.
func (s *State) notify() { s.watchers.Notify() }

// Now is the time.
func (s *State) Now() time.Time { return s.clock.Now() }

// URL is the address at which the vendors' servers are reached; "" while they are not.
func (s *State) URL() string { return s.url }

// NewID makes an id nobody used before.
func (s *State) NewID() string {
	s.lastID++
	return fmt.Sprintf("%s%06d", s.prefix, s.lastID)
}

// NewDigits makes an id of digits only, as many vendors' ids are and somebody may rely on.
func (s *State) NewDigits() string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'f' {
			return '1' + r - 'a'
		}
		return r
	}, s.NewID())
}

func (s *State) business(number string) *business {
	i := slices.IndexFunc(s.businesses, func(b *business) bool { return b.number.ID == number })
	if i < 0 {
		return nil
	}
	return s.businesses[i]
}

// Number finds a business number by its id.
func (s *State) Number(id string) (Number, bool) {
	if b := s.business(id); b != nil {
		return b.number, true
	}
	return Number{}, false
}

// Faults is how the vendor misbehaves for a number.
func (s *State) Faults(number string) Faults {
	if b := s.business(number); b != nil {
		return b.faults
	}
	return Faults{}
}

// Templates lists those of every account.
func (s *State) Templates() []Template { return s.templates }

// Template finds a template; nil when there is none.
func (s *State) Template(name, language string) *Template {
	i := slices.IndexFunc(s.templates, func(t Template) bool { return t.Name == name && t.Language == language })
	if i < 0 {
		return nil
	}
	return &s.templates[i]
}
