// Package people is the operators: their accounts, and what each of them changes of their own.
//
//	service.go   what the service is made of
//	list.go      lists of accounts, a page at a time
//	operator.go  accounts, presence, profile and preferences
package people

import "pult/domain/store"

// Service is the operators. It is safe for many callers.
type Service struct{ store *store.Store }

// New makes the service.
func New(s *store.Store) *Service { return &Service{store: s} }
