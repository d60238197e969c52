package store

import "pult/domain"

// RequestTemplates reads all templates of requests.
func (tx *Tx) RequestTemplates() ([]domain.RequestTemplate, error) {
	return allRecords[domain.RequestTemplate](tx, makeKey("rt/"))
}

// RequestTemplate reads one template of requests.
func (tx *Tx) RequestTemplate(id domain.ID) (t domain.RequestTemplate, err error) {
	return t, tx.getRecord(makeKey("rt/", id[:]), &t)
}

// PutRequestTemplate writes a template of requests.
func (tx *Tx) PutRequestTemplate(t *domain.RequestTemplate) error {
	return tx.putRecord(makeKey("rt/", t.ID[:]), t)
}
