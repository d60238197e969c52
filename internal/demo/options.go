package demo

import (
	"time"

	"pult/domain/desk"
	"pult/domain/store"
	"pult/providers/simulator"
	"pult/providers/simulator/mail"
)

// Who signs in to the demo. docs/demo.md says the same. The password is that of every operator.
const (
	Email    = "demo@pult.example"
	Password = "demo-pult"
)

// Options are what the sample data needs. All but Simulator and Mail are required.
type Options struct {
	Store        *store.Store
	Desk         *desk.Desk
	Simulator    *simulator.Simulator // gets the same customers and messages; nil = none
	Mail         *mail.Server         // gets the same letters; nil = none
	PasswordHash string               // of every operator, as domain/auth makes it
	Now          time.Time            // everything is said before it; its zone is the operators'
	ChannelURL   map[string]string    // vendor (Meta, Twilio, …) → base address its channels talk to
}
