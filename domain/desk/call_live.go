package desk

import (
	"context"
	"slices"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// LiveCall is the call on an operator's panel.
type LiveCall struct {
	domain.Message
	Name      string // of the contact
	ContactID domain.ID
	Channel   string
	Own       bool // they are in it; otherwise it rings for anybody
}

// LiveCall is what stands on the operator's panel: the call they are in, else one that rings on a channel of theirs, else the one
// they have just ended; nil when there is none.
func (d *Desk) LiveCall(ctx context.Context, who *domain.Operator) (*LiveCall, error) {
	visible, err := d.visible(ctx, who, domain.ID{})
	if err != nil {
		return nil, err
	}
	var live *LiveCall
	err = d.store.View(ctx, func(tx *store.Tx) error {
		own, err := ownCall(tx, who, visible)
		if err != nil || own != nil && !own.Call.State.IsOver() {
			live = own
			return err
		}
		if live, err = ringingCall(tx, visible); live == nil {
			live = own
		}
		return err
	})
	return live, err
}

func ownCall(tx *store.Tx, who *domain.Operator, visible map[domain.ID]*domain.Channel) (*LiveCall, error) {
	id, ok, err := tx.OwnCall(who.ID)
	if err != nil || !ok {
		return nil, err
	}
	live, err := liveCall(tx, id, visible)
	if live != nil {
		live.Own = true
	}
	return live, err
}

func ringingCall(tx *store.Tx, visible map[domain.ID]*domain.Channel) (*LiveCall, error) {
	for _, channel := range idsOf(visible) {
		ids, err := tx.RingingCalls(channel)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if live, err := liveCall(tx, id, visible); live != nil || err != nil {
				return live, err
			}
		}
	}
	return nil, nil
}

// liveCall is nil for a call that is gone or that the operator may no longer see.
func liveCall(tx *store.Tx, id domain.ID, visible map[domain.ID]*domain.Channel) (*LiveCall, error) {
	m, err := tx.Message(id)
	if domain.KindOf(err) == domain.NotFound || err == nil && (m.Call == nil || visible[m.ChannelID] == nil) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	conversation, err := tx.Conversation(m.ConversationID)
	return &LiveCall{Message: m, Name: conversation.Name, ContactID: conversation.ContactID, Channel: visible[m.ChannelID].Name}, err
}

// callNow is what the vendor's next step depends on.
func (d *Desk) callNow(ctx context.Context, c *carrier.Connection, ours, vendorID string) (now carrier.CallSnapshot) {
	err := d.store.View(ctx, func(tx *store.Tx) error {
		m, known, err := callOf(tx, c, ours, vendorID)
		if err != nil {
			return err
		}
		if known {
			now.Held, now.Room, now.Answered = m.Call.Held, m.Call.Room, !m.Call.AnsweredAt.IsZero()
			return nil
		}
		now.Ring, err = onDuty(tx, &c.Channel)
		return err
	})
	if err != nil {
		d.log.Error("desk: what a call does next", "channel", c.Channel.Key, "err", err)
	}
	return now
}

// mostRinging is how many telephones ring for one call.
const mostRinging = 10

// onDuty lists the telephones of the operators who are there and free to take a call on a channel.
func onDuty(tx *store.Tx, c *domain.Channel) (phones []string, err error) {
	all, err := tx.Operators()
	for i := range all {
		o := &all[i]
		if err != nil || len(phones) == mostRinging {
			return phones, err
		}
		if o.Phone == "" || o.Presence != domain.Online || !o.MayUse(c) || slices.Contains(phones, o.Phone) {
			continue
		}
		var busy bool
		if busy, err = inCall(tx, o.ID); !busy && err == nil {
			phones = append(phones, o.Phone)
		}
	}
	return phones, err
}

func inCall(tx *store.Tx, operator domain.ID) (bool, error) {
	id, ok, err := tx.OwnCall(operator)
	if err != nil || !ok {
		return false, err
	}
	m, err := tx.Message(id)
	if domain.KindOf(err) == domain.NotFound {
		return false, nil
	}
	return err == nil && m.Call != nil && !m.Call.State.IsOver(), err
}
