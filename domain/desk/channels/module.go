package channels

import (
	"context"
	"slices"

	"pult/domain"
	"pult/domain/store"
)

// ModuleStep is a part of setting the module up.
type ModuleStep struct {
	Done bool
	// the first where something is left to do, else the first of all; zero = the part is about no channel
	Channel domain.ID
}

// Module is the module Chats as its settings show it: the switch, and how far its three parts are.
type Module struct {
	On         bool
	Connection ModuleStep // done when a channel works and its customers reach it
	Operators  ModuleStep // done when every channel that is on has somebody who answers
	Templates  ModuleStep // done when every channel that has templates has an approved one
}

// ReadModule reads the switch of the module Chats and how far it is set up. Administrators only.
func (s *Service) ReadModule(ctx context.Context, who *domain.Operator) (m Module, err error) {
	list, err := s.List(ctx, who)
	if err != nil {
		return m, err
	}
	if m.On, err = s.connections.IsChatsOn(ctx); err != nil {
		return m, err
	}
	list = slices.DeleteFunc(list, func(settings Settings) bool { return !settings.Channel.Enabled })
	if len(list) == 0 {
		return m, nil
	}
	m.Connection = checkConnections(list)
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if m.Operators, err = checkEveryChannel(tx, list, hasAnsweringOperator); err != nil {
			return err
		}
		withTemplates := slices.DeleteFunc(
			list,
			func(settings Settings) bool { return !settings.Capabilities.Templates },
		)
		m.Templates, err = checkEveryChannel(tx, withTemplates, hasApprovedTemplate)
		return err
	})
	return m, err
}

// checkConnections is done when customers reach one of the channels, because work can begin then.
func checkConnections(list []Settings) ModuleStep {
	for i := range list {
		if isConnectedAndHeard(&list[i]) {
			return ModuleStep{Done: true, Channel: list[i].Channel.ID}
		}
	}
	return ModuleStep{Channel: list[0].Channel.ID}
}

// checkEveryChannel is done when every channel passes the check, also when there is no channel; else it names the first
// that does not.
func checkEveryChannel(
	tx *store.Tx,
	list []Settings,
	check func(*store.Tx, *Settings) (bool, error),
) (ModuleStep, error) {
	for i := range list {
		if ok, err := check(tx, &list[i]); err != nil || !ok {
			return ModuleStep{Channel: list[i].Channel.ID}, err
		}
	}
	if len(list) == 0 {
		return ModuleStep{Done: true}, nil
	}
	return ModuleStep{Done: true, Channel: list[0].Channel.ID}, nil
}

// isConnectedAndHeard reports whether customers reach a channel: its vendor has told something, or it has no vendor.
func isConnectedAndHeard(s *Settings) bool {
	return s.Trouble == nil && (s.Product.IsOwn() || !s.LastEvent.IsZero())
}

// hasAnsweringOperator reports whether somebody may answer on a channel: everybody, or a chosen operator who is still
// active.
func hasAnsweringOperator(tx *store.Tx, s *Settings) (bool, error) {
	if len(s.Channel.Operators) == 0 {
		return true, nil
	}
	for _, id := range s.Channel.Operators {
		o, err := tx.Operator(id)
		if err != nil {
			return false, err
		}
		if o.Active {
			return true, nil
		}
	}
	return false, nil
}

// hasApprovedTemplate reports whether a channel has a template that may be sent.
func hasApprovedTemplate(tx *store.Tx, s *Settings) (bool, error) {
	list, err := tx.MessageTemplates(s.Channel.ID)
	return slices.ContainsFunc(
		list,
		func(t domain.MessageTemplate) bool { return t.Status == domain.TemplateApproved },
	), err
}
