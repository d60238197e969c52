package store_test

import (
	"errors"
	"testing"

	"pult/domain"
	"pult/domain/store"
)

// The vendor's list is the truth: what is no longer on it goes, on this channel only.
func TestReplaceTemplates_MakesTheListThatOfTheVendor(t *testing.T) {
	d := open(t)
	of := func(channel int, names ...string) (list []domain.MessageTemplate) {
		for _, name := range names {
			template := domain.MessageTemplate{ChannelID: number(channel), Name: name, Language: "cs", Body: name}
			list = append(list, template)
		}
		return list
	}
	for channel, lists := range map[int][][]domain.MessageTemplate{
		1: {of(1, "termin", "a", "platba"), of(1, "termin", "ab")},
		2: {of(2, "termin", "a")},
		3: {of(3, "termin"), nil},
	} {
		for _, list := range lists {
			d.update(func(tx *store.Tx) error { return tx.ReplaceTemplates(number(channel), list) })
		}
	}
	for channel, want := range map[int][]string{1: {"ab", "termin"}, 2: {"a", "termin"}, 3: nil} {
		d.view(func(tx *store.Tx) error {
			list, err := tx.MessageTemplates(number(channel))
			var names []string
			for _, template := range list {
				names = append(names, template.Name)
			}
			wantList(t, "names", names, want)
			return err
		})
	}
	d.view(func(tx *store.Tx) error {
		_, gone := tx.MessageTemplate(number(1), "platba", "cs")
		wantKind(t, "one that left the list", gone, domain.NotFound)
		_, other := tx.MessageTemplate(number(1), "termin", "en")
		wantKind(t, "another language", other, domain.NotFound)
		_, err := tx.MessageTemplate(number(1), "termin", "cs")
		return err
	})
}

func TestMessageTemplates_LanguagesOfOneNameStandTogether(t *testing.T) {
	d := open(t)
	var list []domain.MessageTemplate
	for _, key := range [][2]string{{"termin", "fr"}, {"termin2", "cs"}, {"termin", "cs"}, {"termin", "en_US"}} {
		list = append(list, domain.MessageTemplate{ChannelID: number(1), Name: key[0], Language: key[1]})
	}
	d.update(func(tx *store.Tx) error { return tx.ReplaceTemplates(number(1), list) })
	d.view(func(tx *store.Tx) error {
		list, err := tx.MessageTemplates(number(1))
		var keys []string
		for _, template := range list {
			keys = append(keys, template.Name+" "+template.Language)
		}
		wantList(t, "by name and language", keys, []string{"termin cs", "termin en_US", "termin fr", "termin2 cs"})
		return errors.Join(err)
	})
}
