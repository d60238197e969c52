package connections

import (
	"context"
	"slices"

	"pult/domain"
	"pult/domain/carrier"
)

// ListVisible are the channels the operator may use, of which only one is wanted when the id is given; none while the module is off.
func (s *Service) ListVisible(ctx context.Context, who *domain.Operator, only domain.ID) (map[domain.ID]*domain.Channel, error) {
	if err := who.Require(domain.WorkConversations); err != nil {
		return nil, err
	}
	on, err := s.IsChatsOn(ctx)
	if err != nil || !on {
		return nil, err
	}
	all, err := s.ListAll(ctx)
	if err != nil {
		return nil, err
	}
	visible := map[domain.ID]*domain.Channel{}
	for id, c := range all {
		if who.MayUse(&c.Channel) && (only.IsZero() || only == id) {
			visible[id] = &c.Channel
		}
	}
	return visible, nil
}

func SortIDs(channels map[domain.ID]*domain.Channel) []domain.ID {
	ids := make([]domain.ID, 0, len(channels))
	for id := range channels {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b domain.ID) int { return slices.Compare(a[:], b[:]) })
	return ids
}

// ListChannels lists the channels the operator may use; those that were removed only live on in their conversations.
func (s *Service) ListChannels(ctx context.Context, who *domain.Operator) ([]*domain.Channel, error) {
	visible, err := s.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return nil, err
	}
	var list []*domain.Channel
	for _, id := range SortIDs(visible) {
		if !visible[id].Removed {
			list = append(list, visible[id])
		}
	}
	return list, nil
}

// FindReadable is connection for a reader of conversations: while the module is off there are none.
func (s *Service) FindReadable(ctx context.Context, who *domain.Operator, id domain.ID) (*carrier.Connection, error) {
	if err := s.requireChats(ctx); err != nil {
		return nil, err
	}
	return s.FindGranted(ctx, who, id)
}

// FindGranted is connection for a reader: a channel they may not use does not exist for them.
func (s *Service) FindGranted(ctx context.Context, who *domain.Operator, id domain.ID) (*carrier.Connection, error) {
	c, err := s.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	if !who.MayUse(&c.Channel) {
		return nil, domain.ErrNotFound
	}
	return c, nil
}
