package requests

import (
	"context"

	"pult/domain"
	"pult/domain/store"
)

// ListTemplates lists the templates that requests can be made from. Whoever works on conversations may.
func (s *Service) ListTemplates(ctx context.Context, who *domain.Operator) ([]domain.RequestTemplate, error) {
	if err := who.Require(domain.WorkConversations); err != nil {
		return nil, err
	}
	return store.Read(ctx, s.store, (*store.Tx).RequestTemplates)
}

// AddTemplate adds a template of requests. Administrators only.
func (s *Service) AddTemplate(ctx context.Context, who *domain.Operator, t domain.RequestTemplate) error {
	if err := who.Require(domain.ManageSettings); err != nil {
		return err
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		t.ID = tx.NewID()
		return tx.PutRequestTemplate(&t)
	})
}
