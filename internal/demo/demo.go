// Package demo fills an empty desk with the sample data of `pult -demo`: a shop for kitchenware and coffee with a small
// workshop, its operators, a channel of every kind, and ten days of conversations in Czech, French and English. The web
// chat stands on the page of its other business, bicycles, which the simulator serves.
//
// The conversations are scripts in package talks. They are written straight to the store, because the use cases would
// put everything into the present. The simulated vendors get their log from the store afterwards, so that a telephone
// shows what the desk shows, also when the data were kept from an earlier run.
//
// From the top down:
//
//	demo.go           Seed: fills the desk, or finds it filled, and then reminds the vendors
//	options.go        what Seed is given, and who signs in
//	write.go          stores the planned conversations, a batch at a time
//	row.go            what the table of chats and the figures say of a conversation
//	plan.go           decides times, identifiers and numbers of every conversation, before anything is stored
//	message.go        makes a message of a line of the script
//	cast.go           the operators and request templates that the scripts call by name
//	channels.go       the channels as the desk stores them, and where their vendors are found in this run
//	numbers.go        the same addresses as the simulated vendors know them
//	templates.go      request templates, and message templates that vendors approved
//	remember.go       tells the telephones what was said
//	remember_mail.go  tells the mailboxes what was written
package demo

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"

	"pult/domain"
	"pult/domain/store"
	"pult/internal/demo/talks"
	"pult/providers/simulator/world"
)

// What keeps a desk and the demo apart, in sentences for whoever starts the program.
var (
	ErrSampleData = errors.New("these are the sample data of a demo, whose passwords are published: " +
		"start with -demo, or name another folder with -data")
	ErrRealData = errors.New("these are the data of a desk, which a demo does not touch: " +
		"start without -demo, or name an empty folder with -data")
	ErrHalfFilled = errors.New("the sample data in this folder are not complete, because filling it was interrupted: " +
		"empty the folder, or name another one with -data")
)

// CheckData refuses a start whose -demo does not fit the data: sample data as a desk, because everybody knows their
// passwords, and a desk's data as a demo, which would offer those passwords and point channels at simulated vendors.
func CheckData(ctx context.Context, s *store.Store, wanted bool) error {
	return s.View(ctx, func(tx *store.Tx) error {
		w, err := tx.Workspace()
		if err != nil {
			return err
		}
		operators, err := tx.Operators()
		if err != nil {
			return err
		}
		isEmpty := w.SetUpAt.IsZero() && len(operators) == 0
		switch {
		case w.Demo && !wanted:
			return ErrSampleData
		case !w.Demo && wanted && !isEmpty:
			return ErrRealData
		case w.Demo && w.SetUpAt.IsZero():
			return ErrHalfFilled
		}
		return nil
	})
}

// Seed fills an empty desk. On a desk that is set up already nothing is written but the addresses of the simulated
// vendors, which change with every start.
func Seed(ctx context.Context, o Options) error {
	if err := CheckData(ctx, o.Store, true); err != nil {
		return err
	}
	if o.Simulator != nil {
		if err := o.Simulator.World.Import(world.Past{Templates: messageTemplates()}); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
	}
	setUp, err := isSetUp(ctx, o.Store)
	if err == nil && setUp {
		if err = pointChannels(ctx, o); store.IsFull(err) {
			err = nil // the sample data can be read all the same; nothing could be sent anyway
		}
	} else if err == nil {
		err = fillDesk(ctx, o)
	}
	if err == nil && o.Simulator != nil {
		err = rememberMessages(ctx, o)
	}
	if err == nil && o.Mail != nil {
		err = rememberLetters(ctx, o)
	}
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

func isSetUp(ctx context.Context, s *store.Store) (done bool, err error) {
	err = s.View(ctx, func(tx *store.Tx) error {
		w, err := tx.Workspace()
		done = !w.SetUpAt.IsZero()
		return err
	})
	return done, err
}

// fillDesk stores the sample data. The desk counts as set up only when all of it is there.
func fillDesk(ctx context.Context, o Options) error {
	c := newCast()
	err := o.Store.Update(ctx, func(tx *store.Tx) error {
		// with the first operator, so that no password of a demo ever lies in what passes for a desk
		if err := tx.PutWorkspace(&domain.Workspace{Demo: true}); err != nil {
			return err
		}
		if err := c.storeOperators(tx, o.Now, o.PasswordHash); err != nil {
			return err
		}
		return c.storeRequestTemplates(tx)
	})
	if err != nil {
		return err
	}
	for i, channel := range listChannels(o.ChannelURL) {
		channel.LastEvent = o.Now // its customers wrote until just now
		added, err := o.Desk.Channels.Add(ctx, c.operators[talks.Martin], channel)
		if err != nil {
			return err
		}
		c.channels[talks.Channel(i)] = &added
	}
	plans := (&planner{cast: c, now: o.Now}).planAll(talks.All())
	if err := newWriter(o).writeAll(ctx, plans); err != nil {
		return err
	}
	return o.Store.Update(ctx, openDesk)
}

// openDesk marks the desk as set up, at the very end: a seed that broke off begins anew on an empty folder and never
// passes for a whole one.
func openDesk(tx *store.Tx) error {
	if err := tx.SetNumber("conversation", lastConversation); err != nil {
		return err
	}
	if err := tx.SetNumber("request", lastRequest); err != nil {
		return err
	}
	id := make([]byte, 8)
	_, _ = rand.Read(id) // crypto/rand never fails on the systems Go supports
	return tx.PutWorkspace(&domain.Workspace{
		Company: "Pult demo", Demo: true, Language: domain.Czech, SetUpAt: tx.Now, InstallID: hex.EncodeToString(id),
	})
}
