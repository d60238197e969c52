package store

import (
	"pult/domain/search"
	"pult/domain/store/kv"
)

// putTags remembers tags for Tags; of spellings that fold to the same the last one stays.
func (tx *Tx) putTags(tags []string) error {
	for _, tag := range tags {
		if err := tx.setKey(makeKey("g/", []byte(clipText(search.Fold(tag)))), []byte(tag)); err != nil {
			return err
		}
	}
	return nil
}

// Tags lists tags whose folded form begins with a text.
func (tx *Tx) Tags(prefix string, limit int) (list []string, err error) {
	err = tx.r.Iterate(kv.Range{
		Prefix: makeKey("g/", []byte(search.Fold(prefix))),
		Limit:  limit,
	}, func(_, v []byte) error {
		list = append(list, string(v))
		return nil
	})
	return list, err
}
