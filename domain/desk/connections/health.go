package connections

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/jobs"
	"pult/domain/store"
)

// HealthState is the state of a channel's connection to its vendor.
type HealthState string

// The states. Those from HealthFailing on need a person.
const (
	HealthOff      HealthState = "off"      // switched off
	HealthGood     HealthState = "good"     // connected
	HealthWaits    HealthState = "waiting"  // nothing came yet
	HealthWarns    HealthState = "warns"    // works, but somebody has to act before it stops
	HealthFailing  HealthState = "failing"  // the vendor does not answer, or refuses us
	HealthUnusable HealthState = "unusable" // its settings cannot be used
)

// IsBad reports whether the channel does not work.
func (s HealthState) IsBad() bool { return s == HealthFailing || s == HealthUnusable }

// Health says how a channel's connection to its vendor works, by what was seen since the program started.
type Health struct {
	State   HealthState
	Since   time.Time      // when the trouble began; zero when there is none or when it is not known
	Class   string         // of the vendor's failure, "" = none
	Words   string         // message key of the sentence that says what is wrong; "" = nothing is
	Args    map[string]any // values of the sentence
	Detail  string         // the vendor's own words
	Expires time.Time      // when the credentials end; zero = never, or not known
	Ends    bool           // they end soon: somebody has to act before Expires
	// state of the receiver, one of the Receiver… constants; "" = there is none, the vendor calls
	Receiver string
	Asked    bool // the vendor is polled for messages, because it cannot call
	Own      bool // visitors write to this desk itself: there is no vendor
	Calls    int  // requests to the vendor within the last hour
	Errors   int  // how many of them failed
}

// HealthOf judges a channel by what is remembered of it. It reads nothing from the store.
func (s *Service) HealthOf(c *carrier.Connection) Health {
	now, record := s.now(), s.health.copyRecord(c.Channel.ID)
	h := Health{
		State:   HealthGood,
		Expires: record.condition.Expires,
		Asked:   IsPolled(&c.Channel),
		Own:     s.isOwnDriver(c.Channel.Driver),
	}
	h.Calls, h.Errors = record.countLastHour(now)
	receiver := s.health.findReceiver(c.Channel.ID)
	h.Receiver = receiver.State
	switch {
	case !c.Channel.Enabled:
		h.State = HealthOff
	case errors.Is(c.Trouble(), carrier.ErrSecretsLost):
		h.State, h.Words = HealthUnusable, "channels.secrets_lost"
	case c.Trouble() != nil:
		h.State, h.Words = HealthUnusable, "channels.trouble_hint"
	case receiver.Err != nil && receiver.State != ReceiverConnected:
		h.fail(receiver.Err, receiver.Since)
	case record.failing:
		h.fail(record.lastFailure, record.failingSince)
	case record.condition.State == carrier.ConditionBroken:
		h.State, h.Since, h.Words, h.Args = HealthFailing, record.checkedAt, record.condition.Words, record.condition.Args
	case record.condition.State == carrier.ConditionWarning:
		h.State, h.Words, h.Args = HealthWarns, record.condition.Words, record.condition.Args
		h.Ends = !h.Expires.IsZero()
	case s.warnOfHold(&h, c.Channel.ID):
	case s.events.findLatest(&c.Channel).IsZero() && receiver.State != ReceiverConnected:
		h.State = HealthWaits
	}
	return h
}

// warnOfHold makes the channel one of which what is written waits, if it does; the sentence says why.
func (s *Service) warnOfHold(h *Health, channel domain.ID) bool {
	hold, held := s.HoldOf(channel)
	if !held || hold.Failure == nil {
		return false
	}
	h.State, h.Since, h.Class = HealthWarns, hold.Since, hold.Failure.Class
	h.Words, h.Detail = hold.Failure.Key, hold.Failure.Detail
	return true
}

// HoldOf tells whether what is written on a channel waits because its vendor takes nothing, and why.
func (s *Service) HoldOf(channel domain.ID) (jobs.Hold, bool) {
	return s.holds.queues.Hold(VendorQueue(channel))
}

// AskFirst asks a vendor that left others uncertain something harmless, before a job that tries whether it is back
// risks a message: one that accepts and never answers would make each of them uncertain. The error asks for another try
// later; nil = it answers, or there is no need to ask, or no way.
func (s *Service) AskFirst(ctx context.Context, j domain.Job, c *carrier.Connection) error {
	return s.holds.askFirst(ctx, j, c)
}

// fail makes the channel a failing one, by the vendor's error.
func (h *Health) fail(e *carrier.Error, since time.Time) {
	h.State, h.Since, h.Class, h.Detail = HealthFailing, since, string(e.Class), e.Detail
	h.Words = cmp.Or(e.Key, e.Class.Sentence())
	if e.Class == carrier.Uncertain {
		h.Words = "channels.test.unreachable" // the other sentence is about one message
	}
}

// ChannelHealth is a channel's health with what waits for it in the store.
type ChannelHealth struct {
	Health
	LastEvent time.Time // when the vendor last told something; zero = never
	Waiting   int       // jobs that wait for the vendor, counted up to WaitingCounted
	Oldest    time.Time // when the oldest of them was enqueued; zero = none waits
	Parked    int       // deliveries that could not be understood, among the ParkedShown newest of all channels
}

// ParkedShown bounds how many parked entries and dead jobs the administrator's page lists.
const ParkedShown = 200

// WaitingCounted is up to which number waiting jobs are counted.
const WaitingCounted = 1000

// ReadHealth reads how a channel's connection works. Administrators only; a removed channel is NotFound.
func (s *Service) ReadHealth(ctx context.Context, who *domain.Operator, id domain.ID) (ChannelHealth, error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return ChannelHealth{}, err
	}
	c, err := s.Find(ctx, id)
	if err != nil {
		return ChannelHealth{}, err
	}
	if c.Channel.Removed {
		return ChannelHealth{}, domain.ErrNotFound
	}
	h := ChannelHealth{Health: s.HealthOf(c), LastEvent: s.events.findLatest(&c.Channel)}
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if h.Waiting, h.Oldest, err = tx.WaitingJobs(VendorQueue(id), WaitingCounted); err != nil {
			return err
		}
		parked, err := tx.ParkedEntries(ParkedShown)
		for _, e := range parked {
			if e.ChannelID == id {
				h.Parked++
			}
		}
		return err
	})
	return h, err
}

// Alert is something that an administrator has to act on. It is shown on every page.
type Alert struct {
	Channel domain.ID // zero = it is the proxy, or the disk, which is full
	Proxy   string    // address of a proxy that is not named in the configuration
	Name    string    // of the channel
	Health  Health
}

// ListAlerts lists what needs an administrator: a full disk first, then a proxy that is not named, then the channels that
// do not work, or will not soon, by name. Anybody else gets none. Nothing is read from the store, so that every page can
// ask.
func (s *Service) ListAlerts(ctx context.Context, who *domain.Operator) ([]Alert, error) {
	if !who.May(domain.ManageChannels) {
		return nil, nil
	}
	all, err := s.ListAll(ctx)
	if err != nil {
		return nil, err
	}
	var list []Alert
	for id, c := range all {
		if h := s.HealthOf(c); (h.State.IsBad() || h.Ends) && !c.Channel.Removed {
			list = append(list, Alert{Channel: id, Name: c.Channel.Name, Health: h})
		}
	}
	slices.SortFunc(list, func(a, b Alert) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Channel.String(), b.Channel.String()))
	})
	if proxy := s.proxy.find(s.now()); proxy != "" {
		list = append([]Alert{{Proxy: proxy}}, list...)
	}
	if s.store.IsFull() {
		list = append([]Alert{{}}, list...)
	}
	return list, nil
}

// NoteUnnamedProxy notes that requests come through a proxy at an address that the configuration does not name: all who
// use it look like one person.
func (s *Service) NoteUnnamedProxy(address string) { s.proxy.note(address, s.now()) }

// handleHealthChange tells the pages that a channel's health changed. When the channel works again, which failed since
// a time, it has the vendor asked for what came meanwhile; since is zero otherwise.
func (s *Service) handleHealthChange(ctx context.Context, channel domain.ID, since time.Time) {
	ctx = context.WithoutCancel(ctx) // the request by which it was noticed may be over before the pages know
	s.AnnounceHealth(ctx, channel)
	if !since.IsZero() {
		s.holds.tryAgain(ctx, channel)
	}
	c, err := s.Find(ctx, channel)
	if since.IsZero() || err != nil || !c.IsInService() || !c.CanPoll() || IsPolled(&c.Channel) {
		return
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error { return ScheduleCatchUp(tx, channel, since) })
	if err != nil {
		s.log.Warn("connections: schedule a poll for what was missed", "channel", channel, "err", err)
	}
}

// AnnounceHealth tells the pages that a channel's health changed. Nothing else depends on it, so a failure is only
// logged.
func (s *Service) AnnounceHealth(ctx context.Context, channel domain.ID) {
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		tx.Record(domain.Event{Kind: domain.EventChannelChanged, ChannelID: channel})
		return nil
	})
	if err != nil && ctx.Err() == nil {
		s.log.Warn("connections: announce a channel's health", "channel", channel, "err", err)
	}
}

// Inspect asks the vendor how a channel is: by the driver's check, or by a test of the credentials where it has none.
// missed is since when messages may not have reached us, zero when all did; failed is why the vendor could not be
// asked.
func (s *Service) Inspect(ctx context.Context, c *carrier.Connection) (missed time.Time, failed *carrier.Error) {
	var found carrier.Condition
	var err error
	switch {
	case c.CanInspect():
		found, err = c.Inspect(ctx)
	case c.CanTest():
		found.State = carrier.ConditionGood
		_, err = c.Test(ctx)
	default:
		return time.Time{}, nil
	}
	if err != nil {
		errors.As(err, &failed)
		return time.Time{}, failed
	}
	s.health.noteInspection(ctx, c.Channel.ID, found)
	return found.Missed, nil
}
