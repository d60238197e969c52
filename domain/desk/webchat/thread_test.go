package webchat_test

import (
	"strings"
	"testing"
	"time"

	"pult/domain"
)

func TestVisitor_OthersConversationsNeverAppear(t *testing.T) {
	c := newChat(t, nil)
	anna, bobs := tokenOf("anna"), tokenOf("bob")
	c.say(anna, "Anna's secret")
	c.say(bobs, "Bob's question")
	secret := c.answer(anna, "Anna's answer")
	bob, ctx := c.visitor(bobs), t.Context()
	if got := strings.Join(c.thread(bobs), " "); strings.Contains(got, "Anna") {
		t.Errorf("Bob reads %q", got)
	}
	if _, err := c.WebChat.ReadItem(ctx, bob, secret.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("message: got %v, want not found", err)
	}
	if own, err := c.WebChat.Owns(ctx, bob, secret.ConversationID); own || err != nil {
		t.Errorf("conversation: got %t %v, want not his", own, err)
	}
	if seen, err := c.WebChat.LastSeen(ctx, bob, secret.ConversationID); seen != "" || err != nil {
		t.Errorf("read state: got %q %v, want nothing", seen, err)
	}
	if _, _, err := c.WebChat.OpenFile(ctx, bob, secret.ID, 0); domain.KindOf(err) != domain.NotFound {
		t.Errorf("file: got %v, want not found", err)
	}
	if _, err := c.WebChat.FindVisitor(ctx, "web", tokenOf("nobody")); domain.KindOf(err) != domain.NotFound {
		t.Errorf("unknown token: got %v, want not found", err)
	}
	if _, err := c.WebChat.FindVisitor(ctx, "shop", anna); domain.KindOf(err) != domain.NotFound {
		t.Errorf("token at another channel: got %v, want not found", err)
	}
}

func TestVisitorThread_HidesWhatIsNotForTheCustomer(t *testing.T) {
	c := newChat(t, nil)
	anna := tokenOf("anna")
	c.say(anna, "Hello")
	row := c.conversation(anna)
	if err := c.Chats.SetStatus(t.Context(), c.Jana, row.ID, domain.StatusPending); err != nil {
		t.Fatal(err)
	}
	c.NewRequest(c.Jana, row.ID, "Internal matter")
	if got := c.thread(anna); len(got) != 3 {
		t.Errorf("got %q, want no activity lines", got)
	}
}

func TestVisitor_ReachedAndReadMoveTheMessageOn(t *testing.T) {
	c := newChat(t, nil)
	anna := tokenOf("anna")
	c.say(anna, "Hello")
	m := c.answer(anna, "Good day")
	state := func() domain.MessageState {
		for _, x := range c.Thread(m.ConversationID) {
			if x.ID == m.ID {
				return x.State
			}
		}
		return ""
	}
	if got := state(); got != domain.StateSent {
		t.Errorf("before the visitor's page has it: got %s, want sent", got)
	}
	c.thread(anna)
	if _, err := c.WebChat.ReadItem(t.Context(), c.visitor(anna), m.ID); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != domain.StateSent {
		t.Errorf("drawn, and perhaps still on its way: got %s, want sent", got)
	}
	if err := c.WebChat.MarkDelivered(t.Context(), c.visitor(anna), m.ID); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != domain.StateDelivered {
		t.Errorf("once it is there: got %s, want delivered", got)
	}
	if err := c.WebChat.MarkRead(t.Context(), c.visitor(anna), m.ID); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != domain.StateRead {
		t.Errorf("once it was seen: got %s, want read", got)
	}
}

func TestVisitor_WhatThePageDoesNotHaveIsNeitherDeliveredNorRead(t *testing.T) {
	c := newChat(t, nil)
	anna, bob := tokenOf("anna"), tokenOf("bob")
	c.say(anna, "Hello")
	c.say(bob, "Hello")
	first := c.answer(anna, "Good day")
	c.Clock.Move(time.Second)
	second := c.answer(anna, "One more thing")
	foreign := c.answer(bob, "To somebody else")
	for _, upTo := range []domain.ID{first.ID, foreign.ID, {}, c.NewID()} {
		if err := c.WebChat.MarkRead(t.Context(), c.visitor(anna), upTo); err != nil {
			t.Fatal(err)
		}
	}
	want := map[domain.ID]domain.MessageState{
		first.ID: domain.StateRead, second.ID: domain.StateSent, foreign.ID: domain.StateSent,
	}
	for _, m := range append(c.Thread(first.ConversationID), c.Thread(foreign.ConversationID)...) {
		if state, ok := want[m.ID]; ok && m.State != state {
			t.Errorf("%s: got %s, want %s", m.Text, m.State, state)
		}
	}
}

func TestVisitorTyping_IsSeenByOperatorsWhileItLasts(t *testing.T) {
	c := newChat(t, nil)
	anna := tokenOf("anna")
	c.say(anna, "Hello")
	id := c.conversation(anna).ID
	if err := c.WebChat.NoteTyping(t.Context(), c.visitor(anna), true); err != nil {
		t.Fatal(err)
	}
	if got := c.Hub.Viewers(id, c.Clock.Now()); len(got) != 1 || !got[0].Typing || !got[0].Customer {
		t.Errorf("got %+v, want the customer typing", got)
	}
	c.Clock.Move(10 * time.Second)
	if got := c.Hub.Viewers(id, c.Clock.Now()); len(got) != 0 {
		t.Errorf("got %+v after ten seconds, want nobody", got)
	}
}
