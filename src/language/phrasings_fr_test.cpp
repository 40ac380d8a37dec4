#include "language/phrasings.h"

namespace hearth::language::testing {
namespace {

const Phrasings french{"fr"};

TEST(French, TurnsThingsOn) {
    french.all_mean("kitchen on_off.on=true",
                    {"allume la lumière de la cuisine", "Allume la lumière dans la cuisine !",
                     "allume les lumières de la cuisine", "allume la cuisine",
                     "allume la lumière cuisine",
                     "je voudrais que tu allumes la lumière de la cuisine",
                     "peux-tu allumer la lumière de la cuisine s'il te plaît",
                     "allume-moi la lumière de la cuisine", "éclaire la cuisine",
                     "allumez toutes les lumières de la cuisine", "mets la lumière dans la cuisine",
                     "allume la lumiere de la cuisine"});
    french.all_mean("hall on_off.on=true", {"allume la lumière de l'entrée",
                                            "allume la lumière dans l’entrée", "allume l'entrée"});
    french.all_mean("lamp on_off.on=true",
                    {"allume la lampe du salon", "allume les lumières du séjour",
                     "allume la lumière au salon", "allume le salon"});
    french.all_mean("coffee on_off.on=true",
                    {"allume la machine à café", "mets la machine à café en marche",
                     "mets en route la machine à café", "démarre la machine à café"});
    french.all_mean(
        "confirm many: hall on_off.on=true, kitchen on_off.on=true, lamp on_off.on=true",
        {"allume tout", "allume toutes les lumières", "allume les lumières",
         "allume les lumières partout", "tout allumer"});
}

TEST(French, TurnsThingsOff) {
    french.all_mean("kitchen on_off.on=false",
                    {"éteins la lumière de la cuisine", "éteins la cuisine",
                     "éteindre la lumière de la cuisine", "coupe la lumière dans la cuisine",
                     "Eteins les lumières de la cuisine, merci", "éteins tout dans la cuisine"});
    french.all_mean(
        "confirm many: hall on_off.on=false, kitchen on_off.on=false, lamp on_off.on=false",
        {"éteins tout", "éteins toutes les lumières", "éteins les lumières", "tout éteindre",
         "éteins toute la maison", "éteins toutes les lumières de la maison"});
    french.all_mean("coffee on_off.on=false",
                    {"éteins la machine à café", "arrête la machine à café"});
}

TEST(French, MeansTheRoomWhereItWasSaid) {
    french.all_mean_in("kitchen", "kitchen on_off.on=true",
                       {"allume la lumière", "allume", "allume ici", "allume les lumières"});
    french.all_mean_in("kitchen", "kitchen on_off.on=false",
                       {"éteins la lumière", "éteins la lumière ici", "éteins les lumières"});
    french.all_mean_in(
        "kitchen",
        "confirm many: hall on_off.on=false, kitchen on_off.on=false, lamp on_off.on=false",
        {"éteins tout"});
    french.all_mean_in("kitchen", "kitchen level.percent=40",
                       {"mets la lumière à 40 %", "baisse la lumière à quarante pour cent"});
    french.all_mean_in("bedroom", "? thermometer temperature.celsius",
                       {"quelle température fait-il", "il fait combien ici"});
}

TEST(French, SetsBrightness) {
    french.all_mean("kitchen level.percent=30",
                    {"mets la lumière de la cuisine à 30 %", "mets la cuisine à 30 %",
                     "règle la lumière de la cuisine à trente pour cent",
                     "baisse la lumière de la cuisine à 30%",
                     "tamise la lumière de la cuisine à 30 pour cent",
                     "règle la luminosité de la cuisine à 30 %", "lumière de la cuisine à 30 %"});
    french.all_mean("kitchen level.percent=100",
                    {"mets la lumière de la cuisine à fond",
                     "mets la lumière de la cuisine au maximum",
                     "mets la lumière de la cuisine à cent pour cent"});
    french.all_mean("kitchen level.percent=75",
                    {"mets la lumière de la cuisine à soixante-quinze pour cent"});
    french.all_mean("kitchen level.percent=50",
                    {"mets la lumière de la cuisine à cinquante pour cent",
                     "mets la lumière de la cuisine à la moitié"});
    french.all_mean("confirm many: kitchen level.percent=20, lamp level.percent=20",
                    {"mets toutes les lumières à 20 %", "baisse les lumières à 20 %"});
    french.all_mean("cannot entity_cannot", {"mets la lumière de l'entrée à 20 %"});
}

TEST(French, OpensAndClosesAndLocks) {
    french.all_mean("curtain cover.position=100",
                    {"ouvre le rideau de la chambre", "ouvre les rideaux de la chambre",
                     "ouvre le rideau", "ouvre les rideaux", "lève les stores de la chambre",
                     "ouvrir les volets dans la chambre"});
    french.all_mean("curtain cover.position=0",
                    {"ferme le rideau de la chambre", "ferme les rideaux", "tire les rideaux",
                     "baisse les volets de la chambre", "ferme tous les rideaux"});
    french.all_mean("curtain cover.position=40",
                    {"ouvre le rideau de la chambre à 40 %", "ouvre les rideaux à 40 %"});
    french.all_mean("curtain cover.position=50", {"ouvre le rideau à moitié"});
    french.all_mean("door lock.state=locked",
                    {"verrouille la porte d'entrée", "ferme la porte d'entrée à clé",
                     "ferme à clé la porte d'entrée", "verrouille la porte",
                     "verrouille toutes les portes"});
    french.all_mean("confirm risk: door lock.state=unlocked",
                    {"déverrouille la porte d'entrée", "déverrouille la porte"});
}

TEST(French, AnswersQuestions) {
    french.all_mean("? kitchen on_off.on=on", {"la lumière de la cuisine est allumée ?",
                                               "est-ce que la lumière de la cuisine est allumée",
                                               "la lumière de la cuisine est-elle allumée ?",
                                               "est-ce que la lumière est allumée dans la cuisine",
                                               "les lumières de la cuisine sont-elles allumées"});
    french.all_mean("? kitchen on_off.on=off", {"est-ce que la lumière de la cuisine est éteinte"});
    french.all_mean("? door lock.state=locked",
                    {"la porte d'entrée est-elle verrouillée",
                     "est-ce que la porte d'entrée est bien fermée à clé",
                     "la porte est verrouillée ?"});
    french.all_mean("? curtain cover.position=open",
                    {"le rideau de la chambre est-il ouvert",
                     "est-ce que les rideaux de la chambre sont ouverts"});
    french.all_mean("? thermometer temperature.celsius",
                    {"quelle température fait-il dans la chambre",
                     "quelle est la température de la chambre", "il fait combien dans la chambre",
                     "combien fait-il dans la chambre", "température de la chambre",
                     "quelle est la température dans la chambre ?"});
    french.all_mean("nothing_found no_device_class_in_area",
                    {"quelle température fait-il dans le salon"});
    french.all_mean(
        "? thermometer humidity.percent",
        {"quelle est l'humidité dans la chambre", "quel est le taux d'humidité de la chambre"});
    french.all_mean("? hall on_off.on, ? kitchen on_off.on, ? lamp on_off.on=on",
                    {"quelles lumières sont allumées", "les lumières sont-elles allumées"});
    french.all_mean("? hall on_off.on, ? kitchen on_off.on, ? lamp on_off.on=off",
                    {"est-ce que tout est éteint", "toutes les lumières sont éteintes ?"});
    french.all_mean("? motion occupancy.occupied=on", {"y a-t-il quelqu'un dans l'entrée ?"});
    french.all_mean("? door lock.state", {"quel est l'état de la porte d'entrée"});
}

TEST(French, FindsNothingWhereNothingIs) {
    french.all_mean("nothing_found no_entity", {"démarre le lave-vaisselle"});
    french.all_mean("nothing_found no_area", {"allume la lumière dans le grenier"});
    french.all_mean("nothing_found no_domain_in_area", {"allume la lumière de la chambre"});
    french.all_mean("ambiguous which_one", {"allume la lumière", "éteins la lampe"});
}

TEST(French, DoesNothingForWhatItDoesNotUnderstand) {
    french.none_acts(
        {"n'allume pas la lumière de la cuisine", "n'éteins pas tout", "ne ferme pas le rideau",
         "n'allume rien", "il ne faut pas allumer la cuisine",
         "allume pas la lumière de la cuisine", "ne déverrouille surtout pas la porte d'entrée",
         "lumière de la cuisine", "quelle heure est-il", "raconte une blague", "la lumière",
         "mets la lumière de la cuisine à 300 %", "si la lumière de la cuisine est allumée",
         "été la lumière", "allume la lumière de la cuisine demain", "bonjour"});
}

} // namespace
} // namespace hearth::language::testing
