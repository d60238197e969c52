package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// HealthState is how a channel is doing, in one word.
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

// Bad tells whether the channel does not work.
func (s HealthState) Bad() bool { return s == HealthFailing || s == HealthUnusable }

// Health is how a channel is doing, by the facts of this run.
type Health struct {
	State    HealthState
	Since    time.Time      // of the trouble; zero when there is none or when nobody knows
	Class    string         // of the vendor's failure, "" = none
	Words    string         // message key of the sentence that says what is wrong; "" = nothing is
	Args     map[string]any // values of the sentence
	Detail   string         // the vendor's own words
	Expires  time.Time      // when the credentials end; zero = never, or not known
	Receiver string         // state of the connection by which we fetch, one of the Receiver… constants; "" = the vendor calls
	Asked    bool           // messages are fetched by asking, because the vendor cannot call
	Own      bool           // visitors write to this desk itself: there is no vendor
	Calls    int            // to the vendor, within the last hour
	Errors   int            // of them
}

// healthOf judges a channel by what the memory knows.
func (d *Desk) healthOf(c *carrier.Connection) Health {
	now, v := d.now(), d.health.read(c.Channel.ID)
	h := Health{State: HealthGood, Expires: v.checked.Expires, Asked: asks(&c.Channel), Own: d.own(c.Channel.Driver)}
	h.Calls, h.Errors = v.hour(now)
	receiver := d.health.receiver(c.Channel.ID)
	h.Receiver = receiver.state
	switch {
	case !c.Channel.Enabled:
		h.State = HealthOff
	case c.Trouble() != nil:
		h.State, h.Words = HealthUnusable, "channels.trouble_hint"
	case receiver.err != nil && receiver.state != ReceiverConnected:
		h.fails(receiver.err, receiver.since)
	case v.failing:
		h.fails(v.err, v.first)
	case v.checked.State == carrier.ConditionBroken:
		h.State, h.Since, h.Words, h.Args = HealthFailing, v.looked, v.checked.Words, v.checked.Args
	case v.checked.State == carrier.ConditionWarning:
		h.State, h.Words, h.Args = HealthWarns, v.checked.Words, v.checked.Args
	case d.calls.latest(&c.Channel).IsZero() && receiver.state != ReceiverConnected:
		h.State = HealthWaits
	}
	return h
}

func (h *Health) fails(e *carrier.Error, since time.Time) {
	h.State, h.Since, h.Class, h.Detail = HealthFailing, since, string(e.Class), e.Detail
	h.Words = cmp.Or(e.Key, e.Class.Sentence())
	if e.Class == carrier.Uncertain {
		h.Words = "channels.test.unreachable" // the other sentence is about one message
	}
}

// ChannelHealth is a channel's health with what waits in the store.
type ChannelHealth struct {
	Health
	LastEvent time.Time // when the vendor last told something; zero = never
	Waiting   int       // jobs that wait for the vendor, at most WaitingCounted
	Oldest    time.Time // when the oldest of them was made; zero = none waits
	Parked    int       // deliveries that could not be understood, at most the number the journal's page shows
}

// WaitingCounted is how far waiting jobs are counted.
const WaitingCounted = 1000

// ChannelHealth tells how a channel is doing. Administrators only; a removed one is NotFound.
func (d *Desk) ChannelHealth(ctx context.Context, who *domain.Operator, id domain.ID) (ChannelHealth, error) {
	if err := who.Require(domain.ManageChannels); err != nil {
		return ChannelHealth{}, err
	}
	c, err := d.connection(ctx, id)
	if err != nil {
		return ChannelHealth{}, err
	}
	if c.Channel.Removed {
		return ChannelHealth{}, domain.ErrNotFound
	}
	h := ChannelHealth{Health: d.healthOf(c), LastEvent: d.calls.latest(&c.Channel)}
	err = d.store.View(ctx, func(tx *store.Tx) (err error) {
		if h.Waiting, h.Oldest, err = tx.WaitingJobs(lineQueue(id), WaitingCounted); err != nil {
			return err
		}
		parked, err := tx.ParkedEntries(journalShown)
		for _, e := range parked {
			if e.ChannelID == id {
				h.Parked++
			}
		}
		return err
	})
	return h, err
}

// Alert is something an administrator has to see to, wherever they are.
type Alert struct {
	Channel domain.ID // zero = it is the disk
	Name    string    // of the channel
	Health  Health
}

// Alerts lists what needs an administrator: a disk without room, and channels that do not work, in the order of their names. Others
// get none. It reads no more than the memory, so every page may ask.
func (d *Desk) Alerts(ctx context.Context, who *domain.Operator) ([]Alert, error) {
	if !who.May(domain.ManageChannels) {
		return nil, nil
	}
	all, err := d.connections(ctx)
	if err != nil {
		return nil, err
	}
	var list []Alert
	for id, c := range all {
		if h := d.healthOf(c); h.State.Bad() && !c.Channel.Removed {
			list = append(list, Alert{id, c.Channel.Name, h})
		}
	}
	slices.SortFunc(list, func(a, b Alert) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Channel.String(), b.Channel.String()))
	})
	if d.store.IsFull() {
		list = append([]Alert{{}}, list...)
	}
	return list, nil
}

// healthChanged tells the pages that a channel began or ceased to fail, and asks for what came while it did.
func (d *Desk) healthChanged(channel domain.ID, since time.Time) {
	ctx := context.Background()
	d.announceHealth(ctx, channel)
	c, err := d.connection(ctx, channel)
	if since.IsZero() || err != nil || !c.IsInService() || !c.CanPoll() || asks(&c.Channel) {
		return
	}
	err = d.store.Update(ctx, func(tx *store.Tx) error { return catchUp(tx, channel, since) })
	if err != nil {
		d.log.Warn("desk: ask for what was missed", "channel", channel, "err", err)
	}
}

// announceHealth tells the pages that a channel's health changed. Only pages wait for it, so trouble is logged and forgotten.
func (d *Desk) announceHealth(ctx context.Context, channel domain.ID) {
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		tx.Record(domain.Event{Kind: domain.EventChannelChanged, ChannelID: channel})
		return nil
	})
	if err != nil && ctx.Err() == nil {
		d.log.Warn("desk: tell of a channel's health", "channel", channel, "err", err)
	}
}

// inspect asks the vendor how the channel is, as well as its driver can: a proper check, else a trial of the credentials. It tells
// since when something may be missing.
func (d *Desk) inspect(ctx context.Context, c *carrier.Connection) (missed time.Time, failed *carrier.Error) {
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
	d.health.inspected(c.Channel.ID, found)
	return found.Missed, nil
}
