package desk

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"pult/domain"
	"pult/domain/store"
)

// chatsState is what is known of the switch of the module Chats. It is asked at every event of every open page, so it is read once
// and kept; SwitchChats is the only one who changes it.
type chatsState struct{ known atomic.Int32 }

const (
	chatsUnread int32 = iota
	chatsAreOn
	chatsAreOff
)

func stateOf(off bool) int32 {
	if off {
		return chatsAreOff
	}
	return chatsAreOn
}

// ChatsOn tells whether the module Chats is switched on. While it is off nobody sees conversations, finds them or hears of them, but
// what customers send is still taken in.
func (d *Desk) ChatsOn(ctx context.Context) (bool, error) {
	if known := d.chats.known.Load(); known != chatsUnread {
		return known == chatsAreOn, nil
	}
	var w domain.Workspace
	err := d.store.View(ctx, func(tx *store.Tx) (err error) {
		w, err = tx.Workspace()
		return err
	})
	if err != nil {
		return false, fmt.Errorf("desk: read the switch of the module: %w", err)
	}
	d.chats.known.CompareAndSwap(chatsUnread, stateOf(w.ChatsOff)) // who switched it meanwhile knows better
	return d.chats.known.Load() == chatsAreOn, nil
}

// SwitchChats switches the module Chats on or off for everybody, at once. Nothing is lost while it is off. Administrators only.
func (d *Desk) SwitchChats(ctx context.Context, who *domain.Operator, on bool) error {
	if err := who.Require(domain.ManageChannels); err != nil {
		return err
	}
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		w, err := tx.Workspace()
		if err != nil {
			return err
		}
		w.ChatsOff = !on
		tx.Record(domain.Event{Kind: domain.EventModuleChanged, OperatorID: who.ID})
		if err := tx.PutWorkspace(&w); err != nil {
			return err
		}
		d.chats.known.Store(stateOf(w.ChatsOff)) // before the commit: those who hear of the event must find it so
		return nil
	})
	if err != nil {
		d.chats.known.Store(chatsUnread)
		return fmt.Errorf("desk: switch the module: %w", err)
	}
	return nil
}

// demandChats refuses what belongs to the module while it is off.
func (d *Desk) demandChats(ctx context.Context) error {
	on, err := d.ChatsOn(ctx)
	if err == nil && !on {
		err = errChatsOff
	}
	return err
}

var errChatsOff = domain.Refuse(domain.Forbidden, "error.chats_off")

// ModuleStep is a part of setting the module up.
type ModuleStep struct {
	Done    bool
	Channel domain.ID // where something is left to do, or the first to look at; zero = there is no channel that it is about
}

// Module is the module Chats as its settings show it: the switch, and how far its three parts are.
type Module struct {
	On         bool
	Connection ModuleStep // done when a channel works and its customers reach it
	Operators  ModuleStep // done when every channel that is on has somebody who answers
	Templates  ModuleStep // done when every channel that has templates has an approved one
}

// Module reads the switch and how far the settings are. Administrators only.
func (d *Desk) Module(ctx context.Context, who *domain.Operator) (m Module, err error) {
	list, err := d.ChannelList(ctx, who)
	if err != nil {
		return m, err
	}
	if m.On, err = d.ChatsOn(ctx); err != nil {
		return m, err
	}
	list = slices.DeleteFunc(list, func(s ChannelSettings) bool { return !s.Channel.Enabled })
	if len(list) == 0 {
		return m, nil
	}
	m.Connection = heardFrom(list)
	err = d.store.View(ctx, func(tx *store.Tx) (err error) {
		if m.Operators, err = everyChannel(tx, list, answered); err != nil {
			return err
		}
		withTemplates := slices.DeleteFunc(list, func(s ChannelSettings) bool { return !s.Capabilities.Templates })
		m.Templates, err = everyChannel(tx, withTemplates, approved)
		return err
	})
	return m, err
}

// heardFrom is done by one channel that customers reach, so that work can begin.
func heardFrom(list []ChannelSettings) ModuleStep {
	for i := range list {
		if connectedAndHeard(&list[i]) {
			return ModuleStep{Done: true, Channel: list[i].Channel.ID}
		}
	}
	return ModuleStep{Channel: list[0].Channel.ID}
}

// everyChannel is done when all channels fulfil the condition, also when there is none; else it names the first that does not.
func everyChannel(tx *store.Tx, list []ChannelSettings, fulfils func(*store.Tx, *ChannelSettings) (bool, error)) (ModuleStep, error) {
	for i := range list {
		if ok, err := fulfils(tx, &list[i]); err != nil || !ok {
			return ModuleStep{Channel: list[i].Channel.ID}, err
		}
	}
	if len(list) == 0 {
		return ModuleStep{Done: true}, nil
	}
	return ModuleStep{Done: true, Channel: list[0].Channel.ID}, nil
}

// connectedAndHeard tells whether customers reach a channel: its vendor has called, or it has none.
func connectedAndHeard(s *ChannelSettings) bool {
	return s.Trouble == nil && (s.Kind.IsOwn() || !s.LastEvent.IsZero())
}

// answered tells whether somebody answers a channel: everybody, or a chosen operator who is still active.
func answered(tx *store.Tx, s *ChannelSettings) (bool, error) {
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

// approved tells whether a channel has a template that may be sent.
func approved(tx *store.Tx, s *ChannelSettings) (bool, error) {
	list, err := tx.MessageTemplates(s.Channel.ID)
	return slices.ContainsFunc(list, func(t domain.MessageTemplate) bool { return t.Status == domain.TemplateApproved }), err
}
