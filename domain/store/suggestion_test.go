package store_test

import (
	"errors"
	"fmt"
	"testing"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
)

func TestSuggestions_OfTheGivenChannelsOnceEach(t *testing.T) {
	d := open(t)
	one, other, third := number(91), number(92), number(93)
	for i, r := range []domain.Request{
		{ChannelID: one, Tags: []string{"hotel", "Žádost"}, Company: "Žito"},
		{ChannelID: other, Tags: []string{"Hotel", "hosté"}, Company: "Dvůr"},
		{ChannelID: third, Tags: []string{"honorář"}, Company: "Důl"},
		{ChannelID: one},
	} {
		r.ID, r.Number = number(i+1), uint64(i+1)
		d.update(func(tx *store.Tx) error { return tx.PutRequest(&r, 1) })
	}
	d.view(func(tx *store.Tx) error {
		both := []domain.ID{one, other}
		ho, err := tx.SuggestTags(both, "HO", 10)
		wantList(t, "ho on two channels", ho, []string{"hosté", "Hotel"})
		first, err2 := tx.SuggestTags(both, "", 1)
		wantList(t, "at most one", first, []string{"hosté"})
		z, err3 := tx.SuggestTags(both, "zad", 10)
		wantList(t, "zad", z, []string{"Žádost"})
		none, err4 := tx.SuggestTags(nil, "", 10)
		wantList(t, "on no channel", none, nil)
		firms, err5 := tx.SuggestCompanies([]domain.ID{one, third}, "", 10)
		wantList(t, "companies", firms, []string{"Důl", "Žito"})
		du, err6 := tx.SuggestCompanies([]domain.ID{other}, "Dú", 10)
		wantList(t, "companies on a channel without them", du, nil)
		return errors.Join(err, err2, err3, err4, err5, err6)
	})
}

// What was suggested to everybody before is found by channel afterwards, and nowhere else.
func TestMigration_SuggestionsOfAnOlderProgramBecomeTheirChannels(t *testing.T) {
	d := open(t)
	for i := range 120 { // more than are looked at in one transaction
		r := domain.Request{
			ID: number(i + 1), Number: uint64(i + 1), ChannelID: number(200 + i%2),
			Tags: []string{fmt.Sprintf("tag %03d", i)}, Company: fmt.Sprintf("firm %d", i%2),
		}
		d.update(func(tx *store.Tx) error { return tx.PutRequest(&r, 1) })
	}
	err := d.engine.Update(t.Context(), func(w kv.Txn) error { // as the older program left it
		var found [][]byte
		for _, prefix := range []string{"gt/", "gc/"} {
			if err := w.Iterate(kv.Range{Prefix: []byte(prefix)}, func(k, _ []byte) error {
				found = append(found, append([]byte{}, k...))
				return nil
			}); err != nil {
				return err
			}
		}
		for _, k := range found {
			if err := w.Delete(k); err != nil {
				return err
			}
		}
		return errors.Join(w.Set([]byte("g/tag 007"), []byte("tag 007")), w.Set([]byte("z"), []byte{0, 0, 0, 1}))
	})
	if err != nil {
		t.Fatal(err)
	}
	d.reopen()
	d.view(func(tx *store.Tx) error {
		tags, err := tx.SuggestTags([]domain.ID{number(201)}, "tag 00", 10)
		wantList(t, "tags", tags, []string{"tag 001", "tag 003", "tag 005", "tag 007", "tag 009"})
		firms, err2 := tx.SuggestCompanies([]domain.ID{number(200)}, "", 10)
		wantList(t, "companies", firms, []string{"firm 0"})
		return errors.Join(err, err2)
	})
	for _, key := range d.keys() {
		if len(key) > 2 && key[:2] == "g/" {
			t.Errorf("%q is still there", key)
		}
	}
}
