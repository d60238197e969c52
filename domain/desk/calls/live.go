package calls

import (
	"context"
	"slices"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/connections"
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

// FindLive finds what stands on the operator's panel: the call they are in, else one that rings on a channel of theirs,
// else the one they have just ended; nil when there is none.
func (s *Service) FindLive(ctx context.Context, who *domain.Operator) (*LiveCall, error) {
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return nil, err
	}
	var live *LiveCall
	err = s.store.View(ctx, func(tx *store.Tx) error {
		own, err := findOwnCall(tx, who, visible)
		if err != nil || own != nil && !own.Call.State.IsOver() {
			live = own
			return err
		}
		if live, err = findRingingCall(tx, visible); live == nil {
			live = own
		}
		return err
	})
	return live, err
}

// findOwnCall finds the call that the operator is in or has just ended; nil when there is none.
func findOwnCall(tx *store.Tx, who *domain.Operator, visible map[domain.ID]*domain.Channel) (*LiveCall, error) {
	id, ok, err := tx.OwnCall(who.ID)
	if err != nil || !ok {
		return nil, err
	}
	live, err := buildLiveCall(tx, id, visible)
	if live != nil {
		live.Own = true
	}
	return live, err
}

// findRingingCall finds a call that rings for anybody on a visible channel; nil when there is none.
func findRingingCall(tx *store.Tx, visible map[domain.ID]*domain.Channel) (*LiveCall, error) {
	for _, channel := range connections.SortIDs(visible) {
		ids, err := tx.RingingCalls(channel)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if live, err := buildLiveCall(tx, id, visible); live != nil || err != nil {
				return live, err
			}
		}
	}
	return nil, nil
}

// buildLiveCall reads a call for the panel; nil when it is gone or the operator may no longer see it.
func buildLiveCall(tx *store.Tx, id domain.ID, visible map[domain.ID]*domain.Channel) (*LiveCall, error) {
	m, err := tx.Message(id)
	if domain.KindOf(err) == domain.NotFound || err == nil && (m.Call == nil || visible[m.ChannelID] == nil) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	conversation, err := tx.Conversation(m.ConversationID)
	return &LiveCall{
		Message:   m,
		Name:      conversation.Name,
		ContactID: conversation.ContactID,
		Channel:   visible[m.ChannelID].Name,
	}, err
}

// TakeSnapshot reads how a call stands, which decides what its vendor does next with it. A call that begins has the
// telephones that are to ring. A failure is logged and gives the zero snapshot, because the vendor needs an answer.
func (s *Service) TakeSnapshot(
	ctx context.Context,
	c *carrier.Connection,
	ours, vendorID string,
) (snapshot carrier.CallSnapshot) {
	err := s.store.View(ctx, func(tx *store.Tx) error {
		m, found, err := findCall(tx, c, ours, vendorID)
		if err != nil {
			return err
		}
		if found {
			snapshot.Held, snapshot.Room, snapshot.Answered = m.Call.Held, m.Call.Room, !m.Call.AnsweredAt.IsZero()
			return nil
		}
		snapshot.Ring, err = listPhonesOnDuty(tx, &c.Channel)
		return err
	})
	if err != nil {
		s.log.Error("calls: read how a call stands", "channel", c.Channel.Key, "err", err)
	}
	return snapshot
}

// maxRinging bounds how many telephones ring for one call.
const maxRinging = 10

// listPhonesOnDuty lists the telephones of the operators who are there and free to take a call on a channel.
func listPhonesOnDuty(tx *store.Tx, c *domain.Channel) (phones []string, err error) {
	all, err := tx.Operators()
	for i := range all {
		o := &all[i]
		if err != nil || len(phones) == maxRinging {
			return phones, err
		}
		if o.Phone == "" || o.Presence != domain.Online || !o.MayUse(c) || slices.Contains(phones, o.Phone) {
			continue
		}
		var busy bool
		if busy, err = isInCall(tx, o.ID); !busy && err == nil {
			phones = append(phones, o.Phone)
		}
	}
	return phones, err
}

// isInCall reports whether an operator is in a call that is not over.
func isInCall(tx *store.Tx, operator domain.ID) (bool, error) {
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
