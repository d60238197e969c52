package webchat

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
)

// Chat is a chat on a shop's pages, as far as strangers may know it.
type Chat struct {
	domain.WebChatSettings
	Key     string
	Accepts []string // media types of the files it takes
}

// Find finds a chat by the key in its address. One that is off or removed, and a channel that is no web chat, is
// NotFound.
func (s *Service) Find(ctx context.Context, key string) (Chat, error) {
	c, err := s.findConnection(ctx, key)
	if err != nil {
		return Chat{}, err
	}
	w := Chat{WebChatSettings: domain.WebChatOf(&c.Channel), Key: key}
	for _, rule := range c.Capabilities().Files {
		w.Accepts = append(w.Accepts, rule.MIME...)
	}
	return w, nil
}

// findConnection finds the connection of a chat, as Find does.
func (s *Service) findConnection(ctx context.Context, key string) (*carrier.Connection, error) {
	c, err := s.connections.FindByKey(ctx, key)
	if err == nil && !c.Capabilities().Visitors {
		err = domain.ErrNotFound
	}
	return c, err
}
