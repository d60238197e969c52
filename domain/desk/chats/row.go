package chats

import (
	"context"

	"pult/domain"
	"pult/domain/store"
)

// Row is a row of the chats table.
type Row struct {
	domain.Conversation
	Channel      *domain.Channel
	OperatorName string // who answered last
	AssigneeName string
}

// buildRows adds what the table shows beside the conversations themselves.
func buildRows(tx *store.Tx, channels map[domain.ID]*domain.Channel, list []domain.Conversation) ([]Row, error) {
	ids := make([]domain.ID, 0, 2*len(list))
	for i := range list {
		ids = append(ids, list[i].LastOperator, list[i].Assignee)
	}
	names, err := tx.OperatorNames(ids...)
	if err != nil {
		return nil, err
	}
	out := make([]Row, len(list))
	for i := range list {
		c := &list[i]
		out[i] = Row{
			Conversation: *c,
			Channel:      channels[c.ChannelID],
			OperatorName: names[c.LastOperator],
			AssigneeName: names[c.Assignee],
		}
	}
	return out, nil
}

// findRow reads one conversation that the operator may see; any other is NotFound.
func (s *Service) findRow(ctx context.Context, who *domain.Operator, id domain.ID) (Row, error) {
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return Row{}, err
	}
	var out []Row
	err = s.store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(id)
		if err != nil {
			return err
		}
		if visible[c.ChannelID] == nil {
			return domain.ErrNotFound
		}
		out, err = buildRows(tx, visible, []domain.Conversation{c})
		return err
	})
	if err != nil {
		return Row{}, err
	}
	return out[0], nil
}
