package demo

import (
	"time"

	"pult/domain"
)

func french(name, phone string) person {
	return person{name: name, phone: phone, language: domain.French}
}

// frenchToday are the conversations of the French number of the last hours.
var frenchToday = []talk{
	{at: frenchShop, with: french("Claire Dubois", "+33612345601").of("Hôtel Bellevue"), ends: 4 * time.Minute, assignee: laure, tags: []string{"hôtel"}, said: bellevue},
	{at: frenchShop, with: french("Julien Moreau", "+33612345602"), ends: 9 * time.Minute, said: []line{
		them("Bonjour, livrez-vous en Corse ?"),
		them("Il s’agirait d’une machine à café et de 3 kg de grains.").after(time.Minute),
		them("Et quel serait le délai ?"),
	}},
	{at: frenchShop, with: french("Sophie Laurent", "+33612345603"), ends: 130 * time.Minute, seen: true, assignee: laure, said: []line{
		them("Bonjour, le colis est arrivé enfoncé."),
		them("").with(dentedParcel).after(time.Minute).becomes(ask{title: "Colis enfoncé, deux tasses brisées", template: complaintFR,
			description: "Photo dans la conversation. La cliente souhaite un nouvel envoi.", status: domain.StatusOpen, priority: domain.High, due: 2,
			tags: []string{"réclamation", "transport"}, assignee: laure}),
		us(laure, "Bonjour Madame Laurent, nous en sommes désolés. Le contenu est-il abîmé ?"),
		them("Deux tasses sont brisées, les autres sont intactes.").under(1),
		us(laure, "Je lance un nouvel envoi des deux tasses. Pouvez-vous garder le carton quelques jours pour le transporteur ?").under(1),
		them("Oui, bien sûr. Quand arriveraient-elles ? Nous recevons samedi.").after(25 * time.Minute),
	}},
	{at: frenchShop, with: french("Auberge du Lac – Mathieu Girard", "+33612345604").of("Auberge du Lac"), ends: 3*time.Hour + 20*time.Minute, status: domain.StatusPending, tags: []string{"hôtel"}, said: []line{
		them("Bonjour, auriez-vous 40 assiettes plates blanches, 27 cm ?"),
		us(laure, "Bonjour, oui, 52 en stock. Je vous les réserve ?"),
		them("Oui, pour une livraison jeudi si possible.").becomes(ask{title: "40 assiettes plates 27 cm", template: orderFR,
			description: "40 assiettes plates blanches 27 cm, livraison jeudi.", status: domain.StatusPending, due: 3, tags: []string{"commande", "hôtel"}, assignee: laure}),
		us(laure, "C’est noté, voici le devis.").with(pdf("devis-auberge-du-lac.pdf")).under(1),
		them("Je le fais valider par la direction et je reviens vers vous.").after(20 * time.Minute),
		us(laure, "Parfait, la réservation tient jusqu’à demain soir.").only(domain.StateDelivered),
	}},
	{at: frenchShop, with: person{name: "Petr Šimek", phone: "+420602111230", language: domain.Czech}, ends: 4*time.Hour + 30*time.Minute, said: []line{
		them("Dobrý den, píšu na správné číslo? Jsem teď v Lyonu a potřebuji náhradní filtr."),
		us(martin, "Dobrý den, ano, rozumíme i česky. Který kávovar máte?"),
		them("Ten malý pákový, filtr na dvě porce."),
		us(martin, "Máme, pošleme ho z Francie, dorazí pozítří. Stačí adresa."),
		them("").where("Apartmán", "12 rue Mercière, Lyon", 45.7638, 4.8336),
		us(martin, "Děkuji, odesláno.").reacted("👍"),
	}},
	{at: frenchShop, with: french("Camille Bernard", "+33612345605"), ends: 8 * time.Hour, status: domain.StatusResolved, said: []line{
		them("Bonjour, les couteaux Laguiole passent-ils au lave-vaisselle ?"),
		us(laure, "Bonjour, nous le déconseillons : le bois du manche n’aime pas l’humidité."),
		them("Merci pour la franchise 😊").reacted("❤️"),
		event(laure, "activity.status_changed", "resolved"),
	}},
}

// bellevue is the hotel that equips its breakfast room.
var bellevue = []line{
	them("Bonjour, nous rééquipons la salle du petit-déjeuner cet hiver.").after(0),
	us(laure, "Bonjour Madame Dubois, avec plaisir. Combien de couverts ?"),
	them("80 couverts, et deux machines à café de comptoir.").becomes(ask{title: "Salle du petit-déjeuner : 80 couverts, 2 machines", template: orderFR,
		description: "80 couverts complets\n2 machines à café de comptoir\nLivraison avant le 15 décembre", status: domain.StatusOpen, priority: domain.High, due: 6,
		tags: []string{"commande", "hôtel"}, assignee: laure}),
	us(laure, "Je vous prépare deux propositions pour demain matin.").reacted("👍"),
	event(laure, "activity.assigned", "Laure Petit"),
	us(laure, "Voici les deux devis.").with(pdf("devis-bellevue-A.pdf")).after(20 * time.Hour).under(1),
	us(laure, "").with(pdf("devis-bellevue-B.pdf")).after(time.Minute).under(1),
	them("Merci ! La proposition B nous plaît, sauf les tasses.").after(2 * time.Hour).quoting(1),
	them("").with(voiceNote).after(time.Minute),
	us(laure, "Je comprends. La série Sauge existe aussi en 12 cl, je remplace ?"),
	them("Oui, parfait."),
	us(laure, "Le devis corrigé part ce soir.").under(1),
	them("").business("Luc Fabre", "Hôtel Bellevue", "+33612345690", "compta@bellevue.example").after(time.Hour),
	them("Luc s’occupe de la facturation.").after(time.Minute),
	us(laure, "C’est noté, merci.").only(domain.StateRead),
	them("Dernière question : assurez-vous l’entretien des machines ?").after(3 * time.Hour),
}

// frenchBefore are the conversations of the French number of the days before.
var frenchBefore = []talk{
	{at: frenchShop, with: french("Antoine Lefèvre", "+33612345606"), ends: 16 * time.Hour, assignee: laure, said: []line{
		them("Bonsoir, mon moulin fait un bruit étrange depuis ce matin."),
		us(laure, "Bonsoir, un petit caillou dans les grains, peut-être. Pouvez-vous nous envoyer un message vocal ?"),
		them("").with(voiceNote),
		us(laure, "C’est bien cela. Videz la trémie et faites-le tourner à vide, meules ouvertes."),
		them("Ça remarche, merci beaucoup !").after(15 * time.Minute).reacted("👍"),
		us(laure, "Avec plaisir. Bonne soirée !"),
	}},
	{at: frenchShop, with: french("Hôtel des Remparts – Inès Faure", "+33612345607").of("Hôtel des Remparts"), ends: 22 * time.Hour, tags: []string{"hôtel"}, said: []line{
		them("Bonjour, il nous manque 6 cuillères à moka dans la livraison."),
		us(laure, "Bonjour, en effet, elles sont restées à l’entrepôt. Elles partent aujourd’hui.").becomes(ask{title: "6 cuillères à moka manquantes", template: complaintFR,
			status: domain.StatusResolved, tags: []string{"réclamation", "hôtel"}, assignee: laure}),
		fromTemplate(laure, "delivery_on_the_way", "fr", map[string]string{"header:1": "P-2036", "body:1": "Inès", "body:2": "14 h", "body:3": "16 h", "button:0:1": "2036"}).after(3 * time.Hour).only(domain.StateDelivered),
	}},
	{at: frenchShop, with: french("Nathalie Rousseau", "+33612345608"), ends: 28 * time.Hour, status: domain.StatusPending, said: []line{
		them("Bonjour, je cherche un cadeau pour un amateur de thé, budget 60 €."),
		us(laure, "Bonjour, une théière en fonte avec deux tasses, 58 € ?"),
		them("Jolie idée. En bleu ?"),
		us(laure, "Bleu nuit, oui. Je vous la mets de côté jusqu’à samedi."),
	}},
	{at: frenchShop, with: person{name: "Ruth Miller", phone: "+447700900123", language: domain.English}, ends: 40 * time.Hour, status: domain.StatusResolved, said: []line{
		them("Hi, I am staying in Annecy – do you sharpen knives while I wait?"),
		us(tom, "Hi Ruth, yes, in the workshop on weekdays before noon, about 20 minutes."),
		them("Wonderful, see you tomorrow at ten."),
		us(tom, "See you then!"),
		event(tom, "activity.status_changed", "resolved"),
	}},
	{at: frenchShop, with: french("Thomas Mercier", "+33612345609"), ends: 2*day + 5*time.Hour, status: domain.StatusEscalated, assignee: alena, said: []line{
		them("Troisième message : ma machine est chez vous depuis un mois."),
		us(laure, "Bonjour Monsieur Mercier, je transmets tout de suite à ma responsable.").becomes(ask{title: "Réparation en retard d’un mois", template: complaintFR,
			description: "Le client attend depuis un mois. Proposer un échange.", status: domain.StatusOpen, priority: domain.Urgent, due: 1, tags: []string{"réclamation", "atelier"}, assignee: alena}),
		event(laure, "activity.assigned", "Alena Nováková"),
		us(alena, "Bonjour, je suis la responsable de l’atelier. Nous vous échangeons la machine contre une neuve.").after(40 * time.Minute).under(1),
		them("Voilà une réponse. Merci.").after(2 * time.Hour),
		us(alena, "Elle part demain, vous recevrez le suivi.").only(domain.StateDelivered),
	}},
	{at: frenchShop, with: french("Élodie Garnier", "+33612345610"), ends: 3*day + 6*time.Hour, status: domain.StatusResolved, said: []line{
		them("Bonjour, est-ce que le café d’Éthiopie convient au piston ?"),
		us(laure, "Bonjour, très bien, en mouture grossière. Nous pouvons le moudre."),
		them("Alors un kilo moulu, merci."),
		us(laure, "C’est prêt, vous pouvez passer."),
		event(laure, "activity.status_changed", "resolved"),
	}},
	{at: frenchShop, with: french("Marc Olivier", "+33612345611"), ends: 5*day + 2*time.Hour, status: domain.StatusClosed, said: []line{
		them("Bonjour, je souhaite retourner la bouilloire achetée mardi."),
		us(laure, "Bonjour, c’est possible sous 14 jours. Voici l’étiquette de retour.").with(pdf("etiquette-retour.pdf")),
		them("Reçu, je la dépose demain."),
		us(laure, "Le remboursement est fait.").after(2 * day),
		event(laure, "activity.status_changed", "closed"),
	}},
	{at: frenchShop, with: french("Restaurant L’Étoile – Hugo Blanc", "+33612345612").of("Restaurant L’Étoile"), ends: 6*day + 3*time.Hour, status: domain.StatusClosed, tags: []string{"hôtel"}, said: []line{
		them("Bonjour, pouvez-vous graver notre logo sur 200 sous-verres ?"),
		us(alena, "Bonjour, oui, comptez dix jours."),
		them("Et le prix à l’unité ?"),
		us(alena, "2,40 € hors taxes."),
		them("C’est un peu cher pour nous, merci quand même."),
		event(alena, "activity.status_changed", "closed"),
	}},
	{at: frenchShop, with: person{username: "atelier.lumiere", language: domain.French}, ends: 8*day + 5*time.Hour, status: domain.StatusClosed, said: []line{
		them("bonjour, faites-vous des ateliers pour les entreprises ?"),
		us(laure, "Bonjour, oui, jusqu’à 12 personnes. Je vous envoie le programme.").with(pdf("programme-ateliers.pdf")),
		them("parfait, merci"),
		event(laure, "activity.status_changed", "closed"),
	}},
}
