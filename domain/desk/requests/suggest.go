package requests

import (
	"context"

	"pult/domain"
	"pult/domain/desk/connections"
	"pult/domain/store"
)

// maxSuggestions bounds how many names the list under a field offers.
const maxSuggestions = 20

// SuggestCompanies suggests companies of requests on the operator's channels whose name begins with a text.
func (s *Service) SuggestCompanies(ctx context.Context, who *domain.Operator, prefix string) ([]string, error) {
	return s.suggest(ctx, who, prefix, (*store.Tx).SuggestCompanies)
}

// SuggestTags suggests tags of requests on the operator's channels that begin with a text.
func (s *Service) SuggestTags(ctx context.Context, who *domain.Operator, prefix string) ([]string, error) {
	return s.suggest(ctx, who, prefix, (*store.Tx).SuggestTags)
}

func (s *Service) suggest(
	ctx context.Context,
	who *domain.Operator,
	prefix string,
	find func(tx *store.Tx, channels []domain.ID, prefix string, limit int) ([]string, error),
) ([]string, error) {
	visible, err := s.connections.ListVisible(ctx, who, domain.ID{})
	if err != nil {
		return nil, err
	}
	channels := connections.SortIDs(visible)
	return store.Read(ctx, s.store, func(tx *store.Tx) ([]string, error) {
		return find(tx, channels, prefix, maxSuggestions)
	})
}
