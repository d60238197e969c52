package whatsapp

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/cloudapi"
	"pult/providers/graph"
)

// Templates lists every template of the business account, whatever its status.
func (d *Driver) Templates(ctx context.Context) ([]domain.MessageTemplate, error) {
	list, err := d.fetchTemplates(ctx)
	var e *carrier.Error
	if errors.As(err, &e) && e.Code == "131059" {
		return d.fetchTemplates(ctx) // the list changed under the cursor: begin again, once
	}
	return list, err
}

func (d *Driver) fetchTemplates(ctx context.Context) ([]domain.MessageTemplate, error) {
	query := url.Values{"limit": {"100"}, "fields": {"id,name,status,category,language,parameter_format,components"}}
	var out []domain.MessageTemplate
	for w, err := range graph.List[cloudapi.Template](ctx, d.api, query, d.cfg.BusinessID, "message_templates") {
		if err != nil {
			return nil, err
		}
		t := w.ToTemplate()
		t.Language = strings.ReplaceAll(t.Language, "-", "_") // listed in both spellings, sent in one
		out = append(out, t)
	}
	return out, nil
}
