package store

import (
	"pult/domain"
	"pult/domain/store/kv"
)

// MessageTemplates reads the vendor-approved templates of a channel, by name and language.
func (tx *Tx) MessageTemplates(channel domain.ID) ([]domain.MessageTemplate, error) {
	return allRecords[domain.MessageTemplate](tx, makeKey("t/", channel[:]))
}

// MessageTemplate reads one template of a channel.
func (tx *Tx) MessageTemplate(channel domain.ID, name, language string) (t domain.MessageTemplate, err error) {
	return t, tx.getRecord(templateKey(channel, name, language), &t)
}

// ReplaceTemplates makes the templates of a channel those of the list.
func (tx *Tx) ReplaceTemplates(channel domain.ID, list []domain.MessageTemplate) error {
	old := map[string]bool{}
	err := tx.r.Iterate(kv.Range{Prefix: makeKey("t/", channel[:]), KeysOnly: true}, func(k, _ []byte) error {
		old[string(k)] = true
		return nil
	})
	if err != nil {
		return err
	}
	for i := range list {
		k := templateKey(channel, list[i].Name, list[i].Language)
		delete(old, string(k))
		if err := tx.putRecord(k, &list[i]); err != nil {
			return wrapError(err, "put template %s", list[i].Name)
		}
	}
	for k := range old {
		if err := tx.deleteKey([]byte(k)); err != nil {
			return err
		}
	}
	return nil
}

func templateKey(channel domain.ID, name, language string) []byte {
	return makeKey("t/", channel[:], textPart(clipText(name)), []byte(language))
}
