package connections

import (
	"context"
	"fmt"
	"sync/atomic"

	"pult/domain"
	"pult/domain/store"
)

// chatsSwitch is what is known of the switch of the module Chats. It is asked at every event of every open page, so it is read once
// and kept; SwitchChats is the only one who changes it.
type chatsSwitch struct{ state atomic.Int32 }

const (
	chatsNotRead int32 = iota
	chatsAreOn
	chatsAreOff
)

func switchState(off bool) int32 {
	if off {
		return chatsAreOff
	}
	return chatsAreOn
}

// IsChatsOn tells whether the module Chats is switched on. While it is off nobody sees conversations, finds them or hears of them, but
// what customers send is still taken in.
func (s *Service) IsChatsOn(ctx context.Context) (bool, error) {
	if state := s.chatsSwitch.state.Load(); state != chatsNotRead {
		return state == chatsAreOn, nil
	}
	var w domain.Workspace
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		w, err = tx.Workspace()
		return err
	})
	if err != nil {
		return false, fmt.Errorf("connections: read the switch of the module: %w", err)
	}
	s.chatsSwitch.state.CompareAndSwap(chatsNotRead, switchState(w.ChatsOff)) // who switched it meanwhile knows better
	return s.chatsSwitch.state.Load() == chatsAreOn, nil
}

// SwitchChats switches the module Chats on or off for everybody, at once. Nothing is lost while it is off. Administrators only.
func (s *Service) SwitchChats(ctx context.Context, who *domain.Operator, on bool) error {
	if err := who.Require(domain.ManageChannels); err != nil {
		return err
	}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		w, err := tx.Workspace()
		if err != nil {
			return err
		}
		w.ChatsOff = !on
		tx.Record(domain.Event{Kind: domain.EventModuleChanged, OperatorID: who.ID})
		if err := tx.PutWorkspace(&w); err != nil {
			return err
		}
		s.chatsSwitch.state.Store(switchState(w.ChatsOff)) // before the commit: those who hear of the event must find it so
		return nil
	})
	if err != nil {
		s.chatsSwitch.state.Store(chatsNotRead)
		return fmt.Errorf("connections: switch the module: %w", err)
	}
	return nil
}

// requireChats refuses what belongs to the module while it is off.
func (s *Service) requireChats(ctx context.Context) error {
	on, err := s.IsChatsOn(ctx)
	if err == nil && !on {
		err = errChatsOff
	}
	return err
}

var errChatsOff = domain.Refuse(domain.Forbidden, "error.chats_off")
