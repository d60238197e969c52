package store

import (
	"encoding/binary"
	"errors"
	"time"

	"pult/domain"
	"pult/domain/store/kv"
)

// Counters are kept by writes, so that no page counts by scanning.

// NextNumber draws the next number people see: conversation, request, operator.
func (tx *Tx) NextNumber(name string) (uint64, error) {
	n, err := tx.Counter(name)
	if err != nil {
		return 0, err
	}
	return uint64(n + 1), tx.addToCounter(name, 1)
}

// SetNumber makes the next number drawn n+1, for sample data that should not look new.
func (tx *Tx) SetNumber(name string, n uint64) error {
	return tx.setKey(makeKey("n/", []byte(name)), uint64Part(n))
}

// Counter reads a counter; 0 when it was never touched.
func (tx *Tx) Counter(name string) (int64, error) {
	b, err := tx.r.Get(makeKey("n/", []byte(name)))
	if errors.Is(err, kv.ErrNotFound) {
		return 0, nil
	}
	if err != nil || len(b) != 8 {
		return 0, wrapError(err, "counter %s", name)
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}

func (tx *Tx) addToCounter(name string, delta int64) error {
	n, err := tx.Counter(name)
	if err != nil {
		return err
	}
	return tx.setKey(makeKey("n/", []byte(name)), uint64Part(uint64(n+delta)))
}

// Names of the counters behind the summary.
func waitingCounter(channel domain.ID) string    { return "waiting/" + string(channel[:]) }
func unassignedCounter(channel domain.ID) string { return "unassigned/" + string(channel[:]) }
func openCounter(operator domain.ID) string      { return "open/" + string(operator[:]) }
func ledCounter(operator domain.ID, day string) string {
	return "led/" + string(operator[:]) + day
}

// WaitingCount is how many conversations of the channel wait for an answer.
func (tx *Tx) WaitingCount(channel domain.ID) (int64, error) {
	return tx.Counter(waitingCounter(channel))
}

// UnassignedCount is how many conversations of the channel are nobody's and not done.
func (tx *Tx) UnassignedCount(channel domain.ID) (int64, error) {
	return tx.Counter(unassignedCounter(channel))
}

// OpenCount is how many conversations that are not done an operator is responsible for.
func (tx *Tx) OpenCount(operator domain.ID) (int64, error) { return tx.Counter(openCounter(operator)) }

// NoteLed notes that an operator answered in a conversation on a day (the operators' own calendar day, as YYYYMMDD).
func (tx *Tx) NoteLed(operator, conversation domain.ID, day string) error {
	k := makeKey("l/", operator[:], textPart(day), conversation[:])
	if _, err := tx.r.Get(k); !errors.Is(err, kv.ErrNotFound) {
		return err
	}
	if err := tx.setKey(k, nil); err != nil {
		return err
	}
	return tx.addToCounter(ledCounter(operator, day), 1)
}

// LedCount is in how many conversations an operator answered on a day.
func (tx *Tx) LedCount(operator domain.ID, day string) (int64, error) {
	return tx.Counter(ledCounter(operator, day))
}

// AddFirstResponse adds one first answer to an operator's figures of the day.
func (tx *Tx) AddFirstResponse(operator domain.ID, day string, took time.Duration) error {
	if err := tx.addToCounter("frn/"+string(operator[:])+day, 1); err != nil {
		return err
	}
	return tx.addToCounter("frs/"+string(operator[:])+day, int64(took/time.Second))
}

// AverageFirstResponse is the average time to a first answer by an operator on a day, 0 without any.
func (tx *Tx) AverageFirstResponse(operator domain.ID, day string) (time.Duration, error) {
	n, err := tx.Counter("frn/" + string(operator[:]) + day)
	if err != nil || n == 0 {
		return 0, err
	}
	sum, err := tx.Counter("frs/" + string(operator[:]) + day)
	return time.Duration(sum/n) * time.Second, err
}
