package requests

import (
	"context"

	"pult/domain"
	"pult/domain/store"
)

// maxSuggestions bounds how many names the list under a field offers.
const maxSuggestions = 20

// SuggestCompanies suggests companies whose name begins with a text.
func (s *Service) SuggestCompanies(ctx context.Context, who *domain.Operator, prefix string) ([]domain.Company, error) {
	if err := who.Require(domain.WorkConversations); err != nil {
		return nil, err
	}
	return store.Read(
		ctx,
		s.store,
		func(tx *store.Tx) ([]domain.Company, error) { return tx.Companies(prefix, maxSuggestions) },
	)
}

// SuggestTags suggests tags that begin with a text.
func (s *Service) SuggestTags(ctx context.Context, who *domain.Operator, prefix string) ([]string, error) {
	if err := who.Require(domain.WorkConversations); err != nil {
		return nil, err
	}
	return store.Read(ctx, s.store, func(tx *store.Tx) ([]string, error) { return tx.Tags(prefix, maxSuggestions) })
}
