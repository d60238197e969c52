package domain

import "time"

// JobKind names what a job does; each has one handler in the packages below domain/desk.
type JobKind string

// The kinds of job.
const (
	JobDeliver   JobKind = "deliver"   // send one message
	JobFetch     JobKind = "fetch"     // download one attachment
	JobMarkRead  JobKind = "mark_read" // tell the vendor that the customer's messages were read
	JobTemplates JobKind = "templates" // fetch the list of templates of a channel
	JobReact     JobKind = "react"     // send or remove a reaction
	JobProfile   JobKind = "profile"   // look up what the vendor knows of the person a conversation is with
	JobFind      JobKind = "find"      // look at the vendor for a message whose outcome is uncertain
	JobSweep     JobKind = "sweep"     // drop files, events and de-duplication keys past their time
	// ask a channel's vendor what happened, where webhooks cannot tell or were missed
	JobPoll      JobKind = "poll"
	JobDial      JobKind = "dial"       // make an operator's telephone ring for a call
	JobHangup    JobKind = "hangup"     // end what is left of a call
	JobHold      JobKind = "hold"       // put the customer of a call on hold, or bring them back
	JobCallCheck JobKind = "call_check" // ask the vendor about a call that should be over
	JobCheck     JobKind = "check"      // look whether a channel's connection to the vendor is in order
)

// JobState is where a job stands.
type JobState string

// The states of a job.
const (
	JobWaiting JobState = "waiting" // due at Due, also between tries
	JobRunning JobState = "running" // leased until LeaseUntil
	JobDead    JobState = "dead"    // given up; a person can retry
)

// Job is durable background work.
type Job struct {
	ID   ID      `cbor:"1,keyasint,omitzero"`
	Kind JobKind `cbor:"2,keyasint,omitzero"`
	// jobs of one lane run one after another, in the order they were enqueued; "" = any time
	Lane       string            `cbor:"3,keyasint,omitzero"`
	Subject    ID                `cbor:"4,keyasint,omitzero"` // the message, channel, … it is about
	Index      int               `cbor:"5,keyasint,omitzero"` // which attachment, for JobFetch
	Args       map[string]string `cbor:"6,keyasint,omitzero"`
	Due        time.Time         `cbor:"7,keyasint,omitzero"`
	Attempt    int               `cbor:"8,keyasint,omitzero"` // tries so far
	State      JobState          `cbor:"9,keyasint,omitzero"`
	LeaseUntil time.Time         `cbor:"10,keyasint,omitzero"`
	LastError  *Failure          `cbor:"11,keyasint,omitzero"`
	CreatedAt  time.Time         `cbor:"12,keyasint,omitzero"`
	// whose workers do the job: jobs for one channel's vendor share a queue, so that a dead vendor holds up nobody
	// else; "" = the desk's own
	Queue string `cbor:"13,keyasint,omitzero"`

	// The worker got the job from the transaction that enqueued it, so what begins with the job began in there. It is
	// not stored: whoever gets the job from the store, because that worker died, must not take it for begun.
	Begun bool `cbor:"-"`
	// The job's queue is held, and the job tries whether its vendor takes something again. It is not stored.
	Probe bool `cbor:"-"`
}
