package connections

import (
	"context"
	"slices"

	"pult/domain"
	"pult/domain/carrier"
)

// ListVisible gives the channels that the operator may use, by id: removed ones too, because their conversations stay.
// When only is not zero no other channel is given. There are none while the module Chats is off.
func (s *Service) ListVisible(
	ctx context.Context,
	who *domain.Operator,
	only domain.ID,
) (map[domain.ID]*domain.Channel, error) {
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

// ListChannels lists the channels that the operator may use, without those that were removed.
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

// FindReadable finds the connection of a channel for an operator who works on its conversations: FindGranted, and
// Forbidden while the module Chats is off.
func (s *Service) FindReadable(ctx context.Context, who *domain.Operator, id domain.ID) (*carrier.Connection, error) {
	if err := s.requireChats(ctx); err != nil {
		return nil, err
	}
	return s.FindGranted(ctx, who, id)
}

// FindGranted finds the connection of a channel that the operator may use; any other is NotFound.
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

// SortIDs gives the ids of channels in a fixed order.
func SortIDs(channels map[domain.ID]*domain.Channel) []domain.ID {
	ids := make([]domain.ID, 0, len(channels))
	for id := range channels {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b domain.ID) int { return slices.Compare(a[:], b[:]) })
	return ids
}
