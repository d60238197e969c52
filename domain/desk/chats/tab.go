package chats

import (
	"context"
	"slices"

	"pult/domain"
	"pult/domain/store"
)

// maxTabs bounds how many conversations are kept open; the oldest tab is closed for a new one.
const maxTabs = 12

// openTab opens a conversation's tab, unless it is open.
func openTab(tx *store.Tx, who *domain.Operator, id domain.ID) error {
	return changeOperator(tx, who.ID, func(o *domain.Operator) bool {
		if slices.Contains(o.Preferences.OpenTabs, id) {
			return false
		}
		tabs := append(o.Preferences.OpenTabs, id)
		o.Preferences.OpenTabs = tabs[max(0, len(tabs)-maxTabs):]
		return true
	})
}

// CloseTab closes a conversation's tab; the conversation stays as it is.
func (s *Service) CloseTab(ctx context.Context, who *domain.Operator, id domain.ID) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		return changeOperator(tx, who.ID, func(o *domain.Operator) bool {
			if !slices.Contains(o.Preferences.OpenTabs, id) {
				return false
			}
			tabs := slices.Clone(o.Preferences.OpenTabs)
			o.Preferences.OpenTabs = slices.DeleteFunc(tabs, func(t domain.ID) bool { return t == id })
			return true
		})
	})
}

// ListTabs lists the operator's open conversations in the order of the tabs.
func (s *Service) ListTabs(ctx context.Context, who *domain.Operator) ([]Row, error) {
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return nil, err
	}
	var out []Row
	err = s.store.View(ctx, func(tx *store.Tx) error {
		o, err := tx.Operator(who.ID)
		if err != nil {
			return err
		}
		list, err := tx.Conversations(o.Preferences.OpenTabs)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(c domain.Conversation) bool { return visible[c.ChannelID] == nil })
		out, err = buildRows(tx, visible, list)
		return err
	})
	return out, err
}

// changeOperator stores an operator when change reports that it changed something.
func changeOperator(tx *store.Tx, id domain.ID, change func(*domain.Operator) bool) error {
	o, err := tx.Operator(id)
	if err != nil || !change(&o) {
		return err
	}
	return tx.PutOperator(&o)
}
