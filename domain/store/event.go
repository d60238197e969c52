package store

import (
	"encoding/binary"

	"pult/domain"
	"pult/domain/store/kv"
)

// Seq is the number of the newest event.
func (tx *Tx) Seq() (uint64, error) { return tx.lastSeq() }

func (tx *Tx) lastSeq() (seq uint64, err error) {
	err = tx.r.Iterate(kv.Range{
		Prefix:   makeKey("e/"),
		Reverse:  true,
		KeysOnly: true,
		Limit:    1,
	}, func(k, _ []byte) error {
		seq = binary.BigEndian.Uint64(k[len(k)-8:])
		return nil
	})
	return seq, err
}

// Events reads events after a number, in order, at most limit. tooOld tells that some of them are no longer kept.
func (tx *Tx) Events(after uint64, limit int) (list []domain.Event, tooOld bool, err error) {
	err = tx.r.Iterate(kv.Range{
		Prefix: makeKey("e/"),
		Start:  makeKey("e/", uint64Part(after+1)),
		Limit:  limit,
	}, func(_, v []byte) error {
		var e domain.Event
		if err := decodeValue(v, &e); err != nil {
			return err
		}
		list = append(list, e)
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	if len(list) > 0 {
		return list, list[0].Seq != after+1, nil
	}
	newest, err := tx.lastSeq()
	return nil, after > newest, err
}

// storeEvents numbers the transaction's events and keeps them, dropping as many that are older than EventsKept. The
// writer lock makes the numbers those of the commit order.
func (tx *Tx) storeEvents() error {
	for i := range tx.events {
		e := &tx.events[i]
		e.Seq, e.At = tx.s.seq+uint64(i)+1, tx.Now
		if err := tx.putRecord(makeKey("e/", uint64Part(e.Seq)), e); err != nil {
			return err
		}
		if e.Seq > EventsKept {
			if err := tx.deleteKey(makeKey("e/", uint64Part(e.Seq-EventsKept))); err != nil {
				return err
			}
		}
	}
	return nil
}
