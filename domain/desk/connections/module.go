package connections

import (
	"context"
	"fmt"
	"sync/atomic"

	"pult/domain"
	"pult/domain/store"
)

// IsChatsOn reports whether the module Chats is switched on. While it is off nobody sees conversations, finds them or
// hears of them, but what customers send is still taken in.
func (s *Service) IsChatsOn(ctx context.Context) (bool, error) {
	if state := s.chatsSwitch.state.Load(); state != chatsNotRead {
		return state == chatsAreOn, nil
	}
	w, err := store.Read(ctx, s.store, (*store.Tx).Workspace)
	if err != nil {
		return false, fmt.Errorf("connections: read the switch of the module: %w", err)
	}
	s.chatsSwitch.state.CompareAndSwap(chatsNotRead, switchState(w.ChatsOff)) // unless it was switched meanwhile
	return s.chatsSwitch.state.Load() == chatsAreOn, nil
}

// SwitchChats switches the module Chats on or off for everybody, at once. Nothing is lost while it is off.
// Administrators only.
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
		// before the commit: whoever learns of the event must find the new state
		s.chatsSwitch.state.Store(switchState(w.ChatsOff))
		return nil
	})
	if err != nil {
		s.chatsSwitch.state.Store(chatsNotRead)
		return fmt.Errorf("connections: switch the module: %w", err)
	}
	return nil
}

var errChatsOff = domain.Refuse(domain.Forbidden, "error.chats_off")

// requireChats is Forbidden while the module Chats is off.
func (s *Service) requireChats(ctx context.Context) error {
	on, err := s.IsChatsOn(ctx)
	if err == nil && !on {
		err = errChatsOff
	}
	return err
}

// chatsSwitch remembers the switch of the module Chats. It is asked for at every event of every open page, so it is
// read from the store once; only SwitchChats changes it.
type chatsSwitch struct{ state atomic.Int32 }

// The states of a chatsSwitch.
const (
	chatsNotRead int32 = iota
	chatsAreOn
	chatsAreOff
)

// switchState makes a state of what the store says.
func switchState(off bool) int32 {
	if off {
		return chatsAreOff
	}
	return chatsAreOn
}
