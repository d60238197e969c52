package live

import (
	"context"
	"io"

	"pult/domain"
	"pult/handlers/present"
	"pult/i18n"
)

// drawHealth draws how a channel is doing, for the pages of the settings.
func (b *bundles) drawHealth(ctx context.Context, r *reading, e domain.Event, w io.Writer) error {
	if e.Kind != domain.EventChannelChanged || !r.who.May(domain.ManageChannels) {
		return nil
	}
	h, err := b.connections.ReadHealth(ctx, r.who, e.ChannelID)
	if domain.KindOf(err) == domain.NotFound {
		return nil // removed: the page says so when it is loaded again
	}
	if err != nil {
		return err
	}
	return b.views.LiveHealth(w, r.lang, present.ChannelHealth(i18n.For(r.lang), e.ChannelID, h))
}

// drawAlerts draws the banner of those who have to see to something.
func (b *bundles) drawAlerts(ctx context.Context, r *reading, w io.Writer) error {
	list, err := b.connections.ListAlerts(ctx, r.who)
	if err != nil {
		return err
	}
	return b.views.LiveAlerts(w, r.lang, present.Alerts(i18n.For(r.lang), list))
}
