"""The words that titles, artists and listeners are made of. All invented or generic: nobody real is meant."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ADJECTIVES = _words(
    """amber broken bright brittle burning careless cold copper crooked crystal dancing distant drifting electric
    empty endless fading faithful feral final forgotten fragile gentle ghostly gilded golden hollow honest hungry
    idle infinite invisible jagged laughing lazy little lonely lucky lunar magnetic midnight naked nameless neon
    northern paper patient plastic quiet restless rolling rusty sacred salty secret shallow silent silver sleepless
    solar southern steady stolen strange sudden sunday sunlit tangled tender thirsty tidal timid troubled twisted
    velvet violet wandering western wicked wild winter wooden young"""
)

NOUNS = _words(
    """anchor apple arrow avenue balcony battery beacon bicycle bird blanket bottle bridge candle carousel cathedral
    cellar chapel circus cloud coast comet compass corridor cricket curtain desert diamond engine feather ferry field
    fire flood forest fountain fox garden ghost glacier harbour heart hill horizon hotel island jacket jungle kettle
    keyhole kingdom ladder lantern letter lighthouse lion machine magnet map meadow mirror moon morning motor
    mountain needle ocean orchard orchid owl parade pearl photograph piano pillow pilot planet postcard radio rain
    raven ribbon river road rocket rooftop room saddle sailor satellite shadow shore siren sky smoke snow sparrow
    stair station stone storm stranger street summer sun suitcase telephone thunder tiger tower train tunnel valley
    voyage waltz water whale whisper window winter woodland"""
)

VERBS = _words(
    """break build burn call carry catch chase climb count cross dance drown feed find follow forget hold hide keep
    kiss leave light lose mend name open paint pass remember ride save shake sing steal swim take teach trust wake
    watch wear write"""
)

FIRST_NAMES = {
    "F": _words(
        """Ada Aisha Amelia Anna Ava Beatriz Carla Chloé Clara Dalia Elena Ella Emma Fatima Freya Grace Hana Helena
        Ida Ines Iris Jana Julia Kaja Laura Leila Lena Lily Lucía Maja Maria Maya Mei Mia Nadia Nina Noor Nora Olga
        Olivia Priya Rosa Ruth Sara Selma Sofia Tara Uma Vera Yara Yuki Zoë"""
    ),
    "M": _words(
        """Adam Ahmed Aidan Alan Andrés Arjun Ben Bruno Carlos Chen Daniel David Elias Emil Felix Finn George Hugo Ian
        Idris Ivan Jack Jakob James Javier Jonas José Karim Kenji Leo Liam Louis Luca Marco Mateo Max Milan Nils Noah
        Omar Oscar Otto Paul Pavel Ravi Samuel Stefan Theo Tom Viktor Yusuf"""
    ),
}

LAST_NAMES = _words(
    """Abbott Adler Ahmadi Alvarez Andersson Baker Barnes Becker Bell Berg Bishop Brandt Brooks Castillo Chapman Chen
    Cole Cooper Costa D'Angelo Dahl Diaz Dubois Ellis Evans Fischer Fletcher Fox Garcia Grant Hall Hansen Hayes Horvat
    Hughes Ivanova Jensen Kaya Keller Khan Kim Kowalski Lambert Larsen Lee Lindqvist Lopez Marsh Martin Meyer Mori
    Müller Murray Nakamura Nguyen Novak O'Brien O'Neill Okafor Olsen Park Patel Pérez Petrov Quinn Reed Rivera Rossi
    Saito Santos Schmidt Shah Silva Singh Smith-Jones Sørensen Stone Suzuki Tanaka Turner Vargas Walsh Ward Weber
    Wright Yamada Young Zhang"""
)
